"""The network: the encoder, and heads that say who says what in which sentence.

Every sentence and every mention is pooled from the tokens of its window. A pair of them is scored for the six stances, for
"denies or rejects", and for whether the words of the sentence are the mention's. A candidate's score is the logarithm of the
summed exponents of its mentions' scores: it says it if any of its mentions does.
"""

import math

import torch
from torch import nn
from torch.nn import functional

from extract.encoder import MARKS, SPEAKS, STANCES
from extract.hints import HINTS
from extract.window import MENTION_TYPES, NEAREST
from training.weights import Pretrained

OUTPUTS = len(STANCES) + 2        # the stances, denies or rejects, and whether these are its words
HIDDEN, QUERY = 256, 64
MARK = 0.15                       # the size of an untrained mark beside a token's values
UNSURE = -2.0                     # what an untrained output starts from: most pairs say nothing


class Layer(nn.Module):
    """One transformer layer as BERT has it: norms after the residuals."""

    def __init__(self, hidden: int, heads: int, inner: int, epsilon: float, dropout: float) -> None:
        super().__init__()
        self.heads, self.dropout = heads, dropout
        self.query, self.key, self.value, self.attended = (nn.Linear(hidden, hidden) for _ in range(4))
        self.attended_norm = nn.LayerNorm(hidden, eps=epsilon)
        self.inner, self.outer = nn.Linear(hidden, inner), nn.Linear(inner, hidden)
        self.outer_norm = nn.LayerNorm(hidden, eps=epsilon)

    def forward(self, x: torch.Tensor, bias: torch.Tensor | None) -> torch.Tensor:
        """(batch, tokens, hidden) to the same."""
        batch, tokens, hidden = x.shape
        query, key, value = (part(x).view(batch, tokens, self.heads, hidden // self.heads).transpose(1, 2)
                             for part in (self.query, self.key, self.value))
        if bias is None:          # written out, because the export knows no fused attention
            mixed = torch.softmax(query @ key.transpose(-1, -2) / math.sqrt(hidden // self.heads), -1) @ value
        else:
            mixed = functional.scaled_dot_product_attention(query, key, value, bias)      # no dropout here: with it, it is slow
        mixed = mixed.transpose(1, 2).reshape(batch, tokens, hidden)
        x = self.attended_norm(x + functional.dropout(self.attended(mixed), self.dropout, self.training))
        return self.outer_norm(x + functional.dropout(self.outer(functional.gelu(self.inner(x))), self.dropout, self.training))


class Encoder(nn.Module):
    """Tokens to vectors, by the lowest `layers`. Word and position tables and the lowest `frozen` layers keep their pretrained weights."""

    def __init__(self, start: Pretrained, layers: int, frozen: int, dropout: float = 0.1) -> None:
        super().__init__()
        shape, self.dropout, self.frozen = start.shape, dropout, frozen
        self.words = nn.Embedding(len(start.pieces), shape.hidden)
        self.positions = nn.Embedding(len(start.tensors["positions"]), shape.hidden)
        self.norm = nn.LayerNorm(shape.hidden, eps=shape.epsilon)
        self.layers = nn.ModuleList(Layer(shape.hidden, shape.heads, shape.inner, shape.epsilon, dropout) for _ in range(layers))
        names = {"words": "words.weight", "positions": "positions.weight"}
        wanted = self.state_dict()
        given = {names.get(name, name): torch.tensor(values.copy()) for name, values in start.tensors.items()}
        self.load_state_dict({name: given[name] for name in wanted})
        for part in (self.words, self.positions, self.norm, *self.layers[:frozen]):
            part.requires_grad_(False)

    def lower(self, ids: torch.Tensor) -> torch.Tensor:
        """Ids (batch, tokens) without padding to the vectors (batch, tokens, hidden) of the frozen layers, which stay what they are."""
        x = self.norm(self.words(ids) + self.positions(torch.arange(ids.shape[1]))[None])
        for layer in self.layers[:self.frozen]:
            x = layer(x, None)
        return x

    def upper(self, x: torch.Tensor, real: torch.Tensor | None, marks: torch.Tensor) -> torch.Tensor:
        """What `lower` gave, which of it is no padding (batch, tokens), and marks (batch, tokens, hidden) to vectors of the same shape.

        Marks say which tokens name the same candidate. They come in above the frozen layers, which have not learned to read them.
        """
        x = functional.dropout(x + marks, self.dropout, self.training)
        bias = None if real is None else torch.where(real[:, None, None, :], 0.0, -1e4)
        for layer in self.layers[self.frozen:]:
            x = layer(x, bias)
        return x


class Reader(nn.Module):
    """The encoder with its heads."""

    def __init__(self, start: Pretrained, layers: int, frozen: int) -> None:
        super().__init__()
        hidden = start.shape.hidden
        self.encoder = Encoder(start, layers, frozen)
        self.types = nn.Embedding(len(MENTION_TYPES), hidden)
        nn.init.normal_(self.types.weight, std=0.02)
        self.marks = nn.Embedding(MARKS, hidden)
        self.mark_types = nn.Embedding(len(MENTION_TYPES), hidden)
        nn.init.normal_(self.marks.weight, std=MARK)
        nn.init.normal_(self.mark_types.weight, std=MARK / 4)
        self.stance = nn.Sequential(nn.Linear(2 * hidden, hidden), nn.GELU(), nn.Linear(hidden, SPEAKS))
        self.from_sentence, self.from_mention = nn.Linear(2 * hidden, HIDDEN), nn.Linear(2 * hidden, HIDDEN)
        self.from_hints = nn.Linear(len(HINTS), HIDDEN)
        self.out = nn.Linear(HIDDEN, OUTPUTS)
        self.asks, self.answers = nn.Linear(2 * hidden, QUERY * OUTPUTS), nn.Linear(2 * hidden, QUERY * OUTPUTS)
        self.apart = nn.Embedding(2 * NEAREST + 3, OUTPUTS)
        nn.init.zeros_(self.apart.weight)
        nn.init.constant_(self.out.bias, UNSURE)
        nn.init.constant_(self.stance[2].bias, UNSURE)

    def heads(self, x: torch.Tensor, sentences: torch.Tensor, mentions: torch.Tensor, types: torch.Tensor,
              apart: torch.Tensor, hints: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Logits of one window: pairs (sentences, mentions, 8) and, a help in training, the sentences' own stances (sentences, 7)."""
        said = torch.cat([sentences[0] @ x, sentences[1] @ x], -1)
        who = torch.cat([mentions[0] @ x + self.types(types), mentions[1] @ x], -1)
        pairs = self.out(functional.gelu(self.from_sentence(said)[:, None] + self.from_mention(who)[None] + self.from_hints(hints)))
        asks, answers = self.asks(said).view(-1, OUTPUTS, QUERY), self.answers(who).view(-1, OUTPUTS, QUERY)
        pairs = pairs + torch.einsum("snq,mnq->smn", asks, answers) / math.sqrt(QUERY) + self.apart(apart)
        return pairs, self.stance(said)

    def forward(self, ids: torch.Tensor, sentences: torch.Tensor, mentions: torch.Tensor, types: torch.Tensor,
                marks: torch.Tensor, apart: torch.Tensor, hints: torch.Tensor) -> torch.Tensor:
        """One window, as it is exported (extract/encoder.py, `inputs_of`): the pairs' logits."""
        x = self.encoder.upper(self.encoder.lower(ids), None, self.marked(mentions, types, marks)[None])[0]
        return self.heads(x, sentences, mentions, types, apart, hints)[0]

    def marked(self, mentions: torch.Tensor, types: torch.Tensor, marks: torch.Tensor) -> torch.Tensor:
        """The marks on the tokens of one window, (tokens, hidden)."""
        return (mentions[0] > 0).float().T @ (self.marks(marks) + self.mark_types(types))
