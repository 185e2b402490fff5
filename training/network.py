"""The network: the encoder, and heads that say who says what in which sentence.

Every sentence and every mention is pooled from the tokens of its window. A pair of them is scored for the six stances, for
"denies or rejects", and for whether the words of the sentence are the mention's. A candidate's score is the logarithm of the
summed exponents of its mentions' scores: it says it if any of its mentions does.
"""

import math

import torch
from torch import nn
from torch.nn import functional

from extract.encoder import SPEAKS, STANCES
from extract.window import MENTION_TYPES, NEAREST
from training.weights import Pretrained

OUTPUTS = len(STANCES) + 2        # the stances, denies or rejects, and whether these are its words
HIDDEN, QUERY = 256, 64
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
            mixed = functional.scaled_dot_product_attention(query, key, value, bias, self.dropout if self.training else 0.0)
        mixed = mixed.transpose(1, 2).reshape(batch, tokens, hidden)
        x = self.attended_norm(x + functional.dropout(self.attended(mixed), self.dropout, self.training))
        return self.outer_norm(x + functional.dropout(self.outer(functional.gelu(self.inner(x))), self.dropout, self.training))


class Encoder(nn.Module):
    """Tokens to vectors. Word and position tables and the lowest `frozen` layers keep their pretrained weights."""

    def __init__(self, start: Pretrained, frozen: int, dropout: float = 0.1) -> None:
        super().__init__()
        shape, self.dropout = start.shape, dropout
        self.words = nn.Embedding(len(start.pieces), shape.hidden)
        self.positions = nn.Embedding(len(start.tensors["positions"]), shape.hidden)
        self.norm = nn.LayerNorm(shape.hidden, eps=shape.epsilon)
        self.layers = nn.ModuleList(Layer(shape.hidden, shape.heads, shape.inner, shape.epsilon, dropout) for _ in range(shape.layers))
        names = {"words": "words.weight", "positions": "positions.weight"}
        self.load_state_dict({names.get(name, name): torch.tensor(values.copy()) for name, values in start.tensors.items()})
        for part in (self.words, self.positions, self.norm, *self.layers[:frozen]):
            part.requires_grad_(False)

    def forward(self, ids: torch.Tensor, real: torch.Tensor | None) -> torch.Tensor:
        """Ids (batch, tokens), and which of them are no padding, to vectors (batch, tokens, hidden)."""
        x = self.norm(self.words(ids) + self.positions(torch.arange(ids.shape[1]))[None])
        x = functional.dropout(x, self.dropout, self.training)
        bias = None if real is None else torch.where(real[:, None, None, :], 0.0, -1e4).to(x.dtype)
        for layer in self.layers:
            x = layer(x, bias)
        return x


class Reader(nn.Module):
    """The encoder with its heads."""

    def __init__(self, start: Pretrained, frozen: int) -> None:
        super().__init__()
        hidden = start.shape.hidden
        self.encoder = Encoder(start, frozen)
        self.types = nn.Embedding(len(MENTION_TYPES), hidden)
        nn.init.normal_(self.types.weight, std=0.02)
        self.stance = nn.Sequential(nn.Linear(2 * hidden, hidden), nn.GELU(), nn.Linear(hidden, SPEAKS))
        self.from_sentence, self.from_mention = nn.Linear(2 * hidden, HIDDEN), nn.Linear(2 * hidden, HIDDEN)
        self.out = nn.Linear(HIDDEN, OUTPUTS)
        self.asks, self.answers = nn.Linear(2 * hidden, QUERY * OUTPUTS), nn.Linear(2 * hidden, QUERY * OUTPUTS)
        self.apart = nn.Embedding(2 * NEAREST + 3, OUTPUTS)
        nn.init.zeros_(self.apart.weight)
        nn.init.constant_(self.out.bias, UNSURE)
        nn.init.constant_(self.stance[2].bias, UNSURE)

    def heads(self, x: torch.Tensor, sentences: torch.Tensor, mentions: torch.Tensor, types: torch.Tensor,
              apart: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Logits of one window: pairs (sentences, mentions, 8) and, a help in training, the sentences' own stances (sentences, 7)."""
        said = torch.cat([sentences[0] @ x, sentences[1] @ x], -1)
        who = torch.cat([mentions[0] @ x + self.types(types), mentions[1] @ x], -1)
        pairs = self.out(functional.gelu(self.from_sentence(said)[:, None] + self.from_mention(who)[None]))
        asks, answers = self.asks(said).view(-1, OUTPUTS, QUERY), self.answers(who).view(-1, OUTPUTS, QUERY)
        pairs = pairs + torch.einsum("snq,mnq->smn", asks, answers) / math.sqrt(QUERY) + self.apart(apart)
        return pairs, self.stance(said)

    def forward(self, ids: torch.Tensor, sentences: torch.Tensor, mentions: torch.Tensor, types: torch.Tensor,
                apart: torch.Tensor) -> torch.Tensor:
        """One window, as it is exported (extract/encoder.py, `inputs_of`): the pairs' logits."""
        return self.heads(self.encoder(ids, None)[0], sentences, mentions, types, apart)[0]
