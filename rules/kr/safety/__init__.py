"""개인정보의 안전성 확보조치 기준: what it asks of whoever runs this product, by the day."""
