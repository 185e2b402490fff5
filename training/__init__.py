"""Makes the reading model (`make train`): from the labelled texts of `extract/training/` to `extract/model/reader.onnx`."""
