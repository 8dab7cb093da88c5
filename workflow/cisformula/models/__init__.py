"""Network families. Each file builds one of them in Keras 3, with ``keras.ops`` only; ``registry`` names them all."""
