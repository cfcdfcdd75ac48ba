enum InferenceModule {}
