# Grapheion. `make run` opens the workbench on the sample corpus; `make test` runs every test.
PREFIX ?= /usr/local
BUILD = swift build -c release --explicit-target-dependency-import-check error
TEST = swift test -c release --scratch-path .build-test --disable-xctest -Xswiftc -enable-testing --explicit-target-dependency-import-check error
PROGRAM = .build/release/grapheion

.PHONY: all run test test-quick test-attack test-kills test-slurm test-tools bench format lint install needs corpus clean

all: needs
	$(BUILD)

run: all
	$(PROGRAM)

test: needs
	$(TEST)
	GRAPHEION_PROCESSOR=avx512 $(TEST) --skip-build --filter '$(KERNELS)'
	GRAPHEION_PROCESSOR=avx2 $(TEST) --skip-build --filter '$(KERNELS)'

# Once more on what other processors have, where this one has that too.
KERNELS = NetworkKernelTests|NetworkForwardTests|NetworkGoldenTests|StoredKernelTests

# Suites that start the program, train, read whole photographs or try every mutation: `make test-quick` leaves them out.
SLOW = ProgramTests|TrainingTests|PipelineTests|ScribeTests|FuzzTests|PapyriTests|EditionTests|RandomTests|TilePyramidTests
SLOW := $(SLOW)|LanguageTrainerTests|LanguageGradientTests|RestorerTests|WordTests|IIIFImportTests|LongWalkTests|StripNormaliserTests|NetworkKernelTests|FaultTests|DurabilityTests|readingIsLinear|everyKeyEverywhere|mutationsNever|everyCut|ChangedAnywhere|MutatedFiles|forgedNumbers|everyPathMultiplies
test-quick: needs
	swift build --build-tests --explicit-target-dependency-import-check error
	swift test --skip-build --disable-xctest --skip '$(SLOW)'

# A batch and a scholar killed by -9 at random instants 500 times, files cut as by power cuts; KILLS=20 does it 20 times.
KILLS ?= 500
test-kills: needs
	GRAPHEION_KILLS=$(KILLS) $(TEST) --filter KillTests

# Changed files, failing calls, kills at every call, pipes in the place of files, closed descriptors, other users, clocks that differ, the workbench,
# many at once: MINUTES together; then kills at random; then all of it once more for so many minutes on a program with the address sanitizer (SANITIZE= leaves
# that out, SANITIZE=thread takes the other one). docs/trust.md tells what it proves.
MINUTES ?= 5
SANITIZE ?= address
ATTACKS = AttackTests|AttackFaultTests|AttackWorkbenchTests|AttackRightsTests
test-attack: needs
	GRAPHEION_ATTACK_MINUTES=$(MINUTES) GRAPHEION_KILLS=$(shell expr $(MINUTES) '*' 5 + 5) $(TEST) --no-parallel --filter '$(ATTACKS)|KillTests'
ifneq ($(SANITIZE),)
	swift build -c release --scratch-path .build-$(SANITIZE) --sanitize=$(SANITIZE) --product grapheion
	GRAPHEION_ATTACK_MINUTES=$(MINUTES) GRAPHEION_ATTACK_SANITIZED=1 GRAPHEION_ATTACK_PROGRAM=$(CURDIR)/.build-$(SANITIZE)/release/grapheion \
	  $(TEST) --no-parallel --filter '$(ATTACKS)'
endif

# What is exported, as other people's tools see it, installed here with Debian's python3-venv: datasets, webdataset and, where it can be had (it brings
# torch, some GB; KRAKEN= leaves it out), kraken. Without this, tests that need them are skipped with a word.
KRAKEN ?= kraken
test-tools: needs
	python3 -m venv .build-tools
	.build-tools/bin/pip install -q pillow datasets webdataset $(KRAKEN)
	PATH="$(CURDIR)/.build-tools/bin:$$PATH" $(TEST) --filter 'ExportReaderTests|EditionTests'

# An array of 8 on a real Slurm, one task killed and requeued; skipped with a word where Slurm is not installed.
test-slurm: all
	Tests/Slurm/test-slurm $(PROGRAM) corpus

# Prints every figure; `make bench NAME=reader` prints one benchmark's.
bench: all
	$(PROGRAM) bench $(NAME)

format:
	swift format -i -r Sources Tests Package.swift

lint:
	swift format lint --strict -r Sources Tests Package.swift

# The program with the Swift runtime inside, the models and the sample corpus, under PREFIX.
install: needs
	$(BUILD) --static-swift-stdlib --product grapheion
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/grapheion
	install -m 755 $(PROGRAM) $(DESTDIR)$(PREFIX)/bin/grapheion
	cp -R models corpus $(DESTDIR)$(PREFIX)/share/grapheion/

# Draws the sample corpus anew. The same seed gives the same bytes.
corpus: all
	rm -rf corpus
	$(PROGRAM) scribe --to corpus --count 30 --seed 1

# What the build needs: said in one line, installed where that is allowed.
needs:
	@.ci/needs

clean:
	rm -rf .build .build-test .build-address .build-thread .build-tools
