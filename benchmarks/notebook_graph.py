"""The network of the published notebook (Liu & Wang 2022), trained as a TensorFlow 1 session would.

Written from a description of the notebook, not from its code. Its layers, their order, regularisers, optimiser and
batch size are the notebook's; so is the frozen identity layer, which does nothing to the result. Ours are the loop over
batches, which feeds the session from one float array of all sequences, batches of the same size where no gradient is
needed, and the prediction of every gene once at the end.
"""

import numpy as np
import tensorflow

tf = tensorflow.compat.v1

FILTERS, WIDTH = 64, 8
BLOCK = 50
HIDDEN = 64
DROPOUT = 0.2
WEIGHT_DECAY = 1e-4
ACTIVITY_LASSO = 2e-8
CONTEXT_LASSO = 1e-4
LEARNING_RATE, MOMENTUM = 5e-4, 0.9
BATCH = 128


class Graph:
    """The network in a graph of its own, for sequences of ``length`` bp.

    Attributes
    ----------
    weights : list
        Trainable variables, in the order of the layers.
    step, loss, prediction
        What a session runs.
    """

    def __init__(self, length: int, seed: int):
        self.graph = tf.Graph()
        self.weights, self.penalty = [], 0.0
        with self.graph.as_default():
            tf.set_random_seed(seed)
            self.sequences = tf.placeholder(tf.float32, (None, length, 4))
            self.target = tf.placeholder(tf.float32, (None, 1))
            self.dropout = tf.placeholder_with_default(0.0, ())
            self._build()
            self.initialise = tf.global_variables_initializer()

    def _variable(self, shape, initializer):
        weight = tf.Variable(initializer(shape))
        self.weights.append(weight)
        return weight

    def _build(self):
        glorot_normal = tf.keras.initializers.GlorotNormal()
        genes = tf.cast(tf.shape(self.sequences)[0], tf.float32)
        kernel = self._variable((WIDTH, 4, FILTERS), glorot_normal)
        convolution = tf.nn.conv1d(self.sequences, kernel, stride=1, padding="VALID")
        self.penalty += ACTIVITY_LASSO * tf.reduce_sum(tf.abs(convolution)) / genes
        # Variables, as a frozen layer's weights are: TensorFlow would leave constants out that do nothing.
        identity = tf.Variable(np.eye(FILTERS, dtype=np.float32), trainable=False)
        nothing = tf.Variable(np.zeros(FILTERS, dtype=np.float32), trainable=False)
        counts = tf.reduce_mean(tf.tensordot(convolution, identity, 1) + nothing, axis=1)
        context = self._context(tf.nn.relu(convolution))
        self.penalty += CONTEXT_LASSO * tf.reduce_sum(tf.abs(context)) / genes
        bias = self._variable((), tf.zeros)
        self.prediction = tf.reduce_sum(context * counts, axis=1, keepdims=True) + bias
        self.loss = tf.reduce_mean(tf.square(self.prediction - self.target)) + self.penalty
        descent = tf.train.MomentumOptimizer(LEARNING_RATE, MOMENTUM).minimize(self.loss, var_list=self.weights)
        with tf.control_dependencies([descent]):
            self.step = tf.assign(kernel, tf.maximum(kernel, 0.0))

    def _context(self, hidden):
        hidden = tf.nn.max_pool1d(hidden, BLOCK, BLOCK, "VALID")
        for filters in (16, 8):
            hidden = tf.nn.max_pool1d(self._convolution(hidden, filters), 2, 2, "VALID")
        hidden = tf.reshape(hidden, (-1, hidden.shape[1] * hidden.shape[2]))
        for _ in range(2):
            hidden = tf.nn.relu(self._dense(hidden, HIDDEN, WEIGHT_DECAY))
            hidden = tf.nn.dropout(hidden, rate=self.dropout)
        return self._dense(hidden, FILTERS, 0.0)

    def _convolution(self, hidden, filters):
        kernel = self._variable((7, int(hidden.shape[2]), filters), tf.keras.initializers.GlorotUniform())
        return tf.nn.relu(tf.nn.conv1d(hidden, kernel, stride=1, padding="SAME") + self._variable((filters,), tf.zeros))

    def _dense(self, hidden, units, decay):
        kernel = self._variable((int(hidden.shape[1]), units), tf.keras.initializers.GlorotUniform())
        self.penalty += decay * tf.reduce_sum(tf.square(kernel))
        return hidden @ kernel + self._variable((units,), tf.zeros)


def train(codes: np.ndarray, target: np.ndarray, roles: np.ndarray, seed: int, epochs: int) -> np.ndarray:
    """Train for some epochs, each followed by the loss on the validation genes, and predict every gene.

    Parameters
    ----------
    codes : np.ndarray, shape (genes, length), uint8
    target : np.ndarray, shape (genes,)
    roles : np.ndarray, shape (genes,), str
        ``train``, ``validation`` or ``test``.
    seed : int
    epochs : int

    Returns
    -------
    np.ndarray, shape (genes,)
    """
    rng, network = np.random.default_rng(seed), Graph(codes.shape[1], seed)
    one_hot = np.eye(5, 4, dtype=np.float32)[codes]
    column = target[:, None].astype(np.float32)
    fitted, held_out = np.flatnonzero(roles == "train"), np.flatnonzero(roles == "validation")
    one_core = tf.ConfigProto(intra_op_parallelism_threads=1, inter_op_parallelism_threads=1)
    with tf.Session(graph=network.graph, config=one_core) as session:
        session.run(network.initialise)

        def run(what, genes, **more):
            fed = {network.sequences: one_hot[genes], network.target: column[genes]}
            return session.run(what, fed | {getattr(network, name): value for name, value in more.items()})

        for _ in range(epochs):
            for batch in _batches(rng.permutation(fitted)):
                run([network.step, network.loss], batch, dropout=DROPOUT)
            for batch in _batches(held_out):
                run(network.loss, batch)
        everything = [run(network.prediction, batch) for batch in _batches(np.arange(len(codes)))]
    return np.concatenate(everything)[:, 0]


def _batches(genes: np.ndarray) -> list[np.ndarray]:
    return [genes[start : start + BATCH] for start in range(0, len(genes), BATCH)]
