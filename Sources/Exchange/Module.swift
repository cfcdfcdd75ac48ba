enum ExchangeModule {}
