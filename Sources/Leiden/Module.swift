enum LeidenModule {}
