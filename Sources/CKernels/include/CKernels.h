// Numeric kernels. Each fast path has a plain scalar reference beside it.
#ifndef GRAPHEION_CKERNELS_H
#define GRAPHEION_CKERNELS_H
/// Whether the processor has AVX2 with FMA; decided once, at run time.
int grapheion_has_avx2(void);
#endif
