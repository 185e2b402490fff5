"""The network: the encoder, and heads that say who says what in which sentence.

Every sentence and every mention is pooled from the tokens of its window. A pair of them is scored for the six stances, for
"denies or rejects", and for whether the words of the sentence are the mention's. A candidate's score is the logarithm of the
summed exponents of its mentions' scores: it says it if any of its mentions does.

Whose a sentence is hangs on who else is named there and on whose the sentences around it are. So the pairs of a window are a table,
and before they are scored each of them sees its row and its column (`Table`).
"""

import math

import torch
from torch import nn
from torch.nn import functional

from extract.encoder import SPEAKS, STANCES
from extract.hints import HINTS
from extract.window import MENTION_TYPES, NEAREST
from training.weights import Pretrained

OUTPUTS = len(STANCES) + 2        # the stances, denies or rejects, and whether these are its words
HIDDEN, QUERY = 128, 64
PARTS, TABLES = 4, 2              # of the attention along a row or column; tables that are looked at one after the other
FARTHEST = 63                     # sentences of a window that are told apart by their place
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
        # Written out: the export knows no fused attention, and in half precision the fused one is slower. No dropout here, for speed.
        scores = query @ key.transpose(-1, -2) / math.sqrt(hidden // self.heads)
        mixed = torch.softmax(scores if bias is None else scores + bias, -1).to(value.dtype) @ value
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

    def upper(self, x: torch.Tensor, real: torch.Tensor | None) -> torch.Tensor:
        """What `lower` gave, and which of it is no padding (batch, tokens), to vectors of the same shape."""
        x = functional.dropout(x, self.dropout, self.training)
        bias = None if real is None else torch.where(real[:, None, None, :], 0.0, -1e4)
        for layer in self.layers[self.frozen:]:
            x = layer(x, bias)
        return x


class Along(nn.Module):
    """Attention of the cells of each row of a table (rows, cells, hidden) to one another."""

    def __init__(self, hidden: int, parts: int) -> None:
        super().__init__()
        self.parts, self.norm = parts, nn.LayerNorm(hidden)
        self.query, self.key, self.value, self.out = (nn.Linear(hidden, hidden) for _ in range(4))

    def forward(self, x: torch.Tensor, bias: torch.Tensor | None) -> torch.Tensor:
        """The table with what its rows' cells tell each other added; `bias` is (parts, cells, cells)."""
        rows, cells, hidden = x.shape
        near = self.norm(x)
        query, key, value = (part(near).view(rows, cells, self.parts, hidden // self.parts).transpose(1, 2)
                             for part in (self.query, self.key, self.value))
        scores = query @ key.transpose(-1, -2) / math.sqrt(hidden // self.parts)
        mixed = torch.softmax(scores if bias is None else scores + bias, -1) @ value
        return x + self.out(mixed.transpose(1, 2).reshape(rows, cells, hidden))


class Table(nn.Module):
    """Lets each pair of a sentence and a mention see the other mentions of the sentence, and the other sentences of the mention."""

    def __init__(self, hidden: int, parts: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.dropout = dropout
        self.mentions, self.sentences = Along(hidden, parts), Along(hidden, parts)
        self.same = nn.Parameter(torch.zeros(parts))          # how much more a mention looks to others of the same candidate
        self.norm, self.inner, self.outer = nn.LayerNorm(hidden), nn.Linear(hidden, 2 * hidden), nn.Linear(2 * hidden, hidden)

    def forward(self, x: torch.Tensor, same: torch.Tensor) -> torch.Tensor:
        """(sentences, mentions, hidden) to the same; `same` (mentions, mentions) is one where two mentions are of one candidate."""
        x = self.mentions(x, same[None] * self.same[:, None, None])
        x = self.sentences(x.transpose(0, 1), None).transpose(0, 1)
        more = self.outer(functional.gelu(self.inner(self.norm(x))))
        return x + functional.dropout(more, self.dropout, self.training)


class Reader(nn.Module):
    """The encoder with its heads."""

    def __init__(self, start: Pretrained, layers: int, frozen: int) -> None:
        super().__init__()
        hidden = start.shape.hidden
        self.encoder = Encoder(start, layers, frozen)
        self.types = nn.Embedding(len(MENTION_TYPES), hidden)
        nn.init.normal_(self.types.weight, std=0.02)
        self.stance = nn.Sequential(nn.Linear(2 * hidden, hidden), nn.GELU(), nn.Linear(hidden, SPEAKS))
        self.from_sentence, self.from_mention = nn.Linear(2 * hidden, HIDDEN), nn.Linear(2 * hidden, HIDDEN)
        self.from_hints, self.from_apart = nn.Linear(len(HINTS), HIDDEN), nn.Embedding(2 * NEAREST + 3, HIDDEN)
        self.from_place = nn.Embedding(FARTHEST + 1, HIDDEN)
        for table in (self.from_apart, self.from_place):
            nn.init.normal_(table.weight, std=0.1)
        self.tables = nn.ModuleList(Table(HIDDEN, PARTS) for _ in range(TABLES))
        self.told = nn.LayerNorm(HIDDEN)
        self.out = nn.Linear(HIDDEN, OUTPUTS)
        self.asks, self.answers = nn.Linear(2 * hidden, QUERY * OUTPUTS), nn.Linear(2 * hidden, QUERY * OUTPUTS)
        self.apart = nn.Embedding(2 * NEAREST + 3, OUTPUTS)
        nn.init.zeros_(self.apart.weight)
        nn.init.constant_(self.out.bias, UNSURE)
        nn.init.constant_(self.stance[2].bias, UNSURE)

    def heads(self, x: torch.Tensor, sentences: torch.Tensor, mentions: torch.Tensor, types: torch.Tensor,
              candidates: torch.Tensor, apart: torch.Tensor, hints: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Logits of one window: pairs (sentences, mentions, 8) and, a help in training, the sentences' own stances (sentences, 7)."""
        said = torch.cat([sentences[0] @ x, sentences[1] @ x], -1)
        who = torch.cat([mentions[0] @ x + self.types(types), mentions[1] @ x], -1)
        place = torch.clamp(torch.arange(said.shape[0]), max=FARTHEST)
        told = functional.gelu(self.from_sentence(said)[:, None] + self.from_mention(who)[None] + self.from_hints(hints)
                               + self.from_apart(apart) + self.from_place(place)[:, None])
        same = (candidates[:, None] == candidates[None]).float()
        for table in self.tables:
            told = table(told, same)
        pairs = self.out(self.told(told))
        asks, answers = self.asks(said).view(-1, OUTPUTS, QUERY), self.answers(who).view(-1, OUTPUTS, QUERY)
        pairs = pairs + torch.einsum("snq,mnq->smn", asks, answers) / math.sqrt(QUERY) + self.apart(apart)
        return pairs, self.stance(said)

    def forward(self, ids: torch.Tensor, sentences: torch.Tensor, mentions: torch.Tensor, types: torch.Tensor,
                candidates: torch.Tensor, apart: torch.Tensor, hints: torch.Tensor) -> torch.Tensor:
        """One window, as it is exported (extract/encoder.py, `inputs_of`): the pairs' logits."""
        x = self.encoder.upper(self.encoder.lower(ids), None)[0]
        return self.heads(x, sentences, mentions, types, candidates, apart, hints)[0]
