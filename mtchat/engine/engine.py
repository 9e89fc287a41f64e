"""Turns: an intent becomes text, completions, code, executions, a record; undo and redo move the head.

Knows the order of one turn and nothing of how each step is done. Code by hand and edited code enter at the sandbox
and leave the same way. Leaves screens and key presses to the callers, who pass `Hooks`.
"""

import threading
import time
from collections.abc import Callable, Sequence, Set
from pathlib import Path

import msgspec

from mtchat import conversation
from mtchat.config import Settings
from mtchat.engine.candidates import grouped
from mtchat.engine.proposal import HEAD, Proposal
from mtchat.engine.states import States
from mtchat.engine.trying import Bench
from mtchat.engine.values import Hooks, Journal, Trial
from mtchat.errors import CommandError
from mtchat.languages import LANGUAGES, Language
from mtchat.models import confidence
from mtchat.models.base import Model
from mtchat.sandbox import Sandbox, Snapshot
from mtchat.session import Attach, HeadMove, Session, TurnRecord, attachment
from mtchat.turn import Candidate, Completion, ModelInfo, SamplingParams, Turn

RETRY_TEMPERATURE = 0.8
RETRY_SAMPLES = 8


class Engine:
    """One session being worked on. `model` is called when a turn first needs it, so that it can load meanwhile."""

    def __init__(
        self,
        journal: Journal,
        sandbox: Sandbox,
        model: Callable[[], Model],
        settings: Settings,
        notice: Callable[[str], None] = lambda text: None,
    ) -> None:
        self.journal = journal
        self.settings = settings
        self.model = model
        self.sandbox = sandbox
        self.states = States(sandbox, journal.attached, notice)

    @property
    def session(self) -> Session:
        return self.journal.session

    @property
    def language(self) -> Language:
        return LANGUAGES[self.session.header.language]

    def submit(
        self,
        intent: str,
        hooks: Hooks,
        sampling: SamplingParams | None = None,
        tried: Set[str] = frozenset(),
        inputs: Sequence[str] = (),
    ) -> Turn:
        """One turn below the head from an intent; `sampling` as given, else the settings' with a seed for this turn.

        Code in `tried` is taken only where there is no other; `inputs` answer the program before the hooks do. Raises
        MtchatError for our own failures, the session then unchanged.
        """
        proposal = self.propose(intent, hooks, sampling=sampling, tried=tried, inputs=inputs)
        return self.take(proposal, hooks)

    def retry(self, hooks: Hooks) -> Turn:
        """Other code for the last turn's intent, beside it. Raises CommandError if the model has no other."""
        last = self.last_turn()
        if not last.intent.strip():
            raise CommandError("the last turn was written by hand: there is no intent to retry; use /edit")
        proposal = self.propose(
            last.intent,
            hooks,
            parent=last.parent,
            sampling=self.varied(),
            tried=self.tried(last),
            other=True,
            inputs=last.execution.inputs,
        )
        return self.take(proposal, hooks)

    def propose(
        self,
        intent: str,
        hooks: Hooks,
        *,
        parent: str | None = HEAD,
        sampling: SamplingParams | None = None,
        tried: Set[str] = frozenset(),
        other: bool = False,
        inputs: Sequence[str] = (),
    ) -> Proposal:
        """Codes for an intent below `parent`, each run on a snapshot of its own; nothing is recorded.

        Arguments as in `submit`; with `other`, code in `tried` is never taken. Raises CommandError if that leaves none.
        """
        parent = self.session.head if parent == HEAD else parent
        sampling = sampling or self._seeded(self.settings.sampling())
        if hooks.rejected:
            sampling, tried, other = self._elsewhere(len(hooks.rejected)), tried | hooks.rejected, True
        rendered, completions = self._complete(intent, parent, sampling, hooks)
        groups = grouped(completions, self.language)
        fresh = [(code, group) for code, group in groups if code and code not in tried]
        if other and not fresh and not hooks.cancel.is_set():
            raise CommandError("the model offers no other code for this intent: reword it, or use /edit")
        groups = fresh or groups
        trials = self._bench(parent, hooks, inputs).run_all(groups, hooks)
        candidates = tuple(Candidate(c, len(g), g[0], t.execution) for t, (c, g) in zip(trials, groups, strict=True))
        return Proposal(intent, parent, sampling, self.model().info, rendered.evicted, trials, candidates)

    def accept(self, proposal: Proposal, index: int, *, checks: Sequence[str] = ()) -> Turn:
        """Record candidate `index` as the turn, the others beside it, without running it again."""
        chosen, trial = proposal.candidates[index], proposal.trials[index]
        doubt = (
            confidence.doubt(chosen.completion, chosen.code, self.model().calibration) if chosen.completion else None
        )
        return self._record(
            proposal.parent,
            proposal.intent,
            trial,
            edited=trial.edited,
            completion=chosen.completion,
            sampling=proposal.sampling,
            model=proposal.model,
            candidates=tuple(c for c in proposal.candidates if c is not chosen),
            checks=tuple(checks),
            evicted=proposal.evicted,
            doubt=None if trial.edited else doubt,
        )

    def tried(self, turn: Turn) -> frozenset[str]:
        """The codes that there are already for the intent of `turn`, beside it and its own."""
        beside = (t for t in self.session.turns.values() if t.parent == turn.parent and t.intent == turn.intent)
        return frozenset(t.code for t in beside)

    def varied(self, n: int | None = None) -> SamplingParams:
        """Sampling for `n` completions (as many as /retry has) that should differ, with a seed for the next turn."""
        asked = self.settings.sampling()
        n = max(asked.n, RETRY_SAMPLES) if n is None else n
        hot = max(asked.temperature, RETRY_TEMPERATURE)
        return self._seeded(msgspec.structs.replace(asked, temperature=hot, greedy=False, n=n))

    def _elsewhere(self, rejected: int) -> SamplingParams:
        """Sampling that differs from what came before, by temperature and seed, where so many codes were not wanted."""
        varied = self.varied()
        return msgspec.structs.replace(varied, seed=varied.seed + rejected)

    def run_code(self, code: str, hooks: Hooks, intent: str = "", inputs: Sequence[str] = ()) -> Turn:
        """A turn of code written by hand, below the head."""
        trial = self._bench(self.session.head, hooks, inputs).by_hand(code, hooks)
        return self._record(self.session.head, intent, trial, edited=True)

    def edit(self, code: str, hooks: Hooks) -> Turn:
        """The last turn with other code, run at its parent's state, beside it."""
        last = self.last_turn()
        return self.again(last, hooks, parent=last.parent, code=code)

    def again(self, turn: Turn, hooks: Hooks, *, parent: str | None = HEAD, code: str | None = None) -> Turn:
        """`turn` once more below `parent` (the head): its code, with its answers to `input()`, or `code` by hand."""
        parent = self.session.head if parent == HEAD else parent
        own = code is None or code == turn.code
        bench = self._bench(parent, hooks, turn.execution.inputs if code is None else ())
        return self._record(
            parent,
            turn.intent,
            bench.by_hand(turn.code if code is None else code, hooks),
            edited=turn.edited or not own,
            completion=turn.completion,
            sampling=turn.sampling,
            model=turn.model,
            checks=turn.checks,
            evicted=turn.evicted,
            doubt=turn.doubt if own else None,
        )

    def attach(self, source: Path, cancel: threading.Event | None = None) -> Attach:
        """Copy a person's file to where programs find it, from the head on. Raises CommandError if it cannot be."""
        record, data = attachment(source, self.session.head)
        return self.attach_again(record, data, cancel)

    def attach_again(self, record: Attach, data: bytes, cancel: threading.Event | None = None) -> Attach:
        """As `attach`, the bytes and their record at hand already; they are put at the head."""
        record = msgspec.structs.replace(record, after=self.session.head)
        self.states.put(self.session, record, data, cancel)  # first: what the sandbox refuses is not recorded
        self.journal.attach(record, data)
        return record

    def last_turn(self) -> Turn:
        """What `/retry` and `/edit` speak of: the newest failed turn below the head, else the head's turn."""
        session = self.session
        beside = [t for t in session.turns.values() if t.parent == session.head and not t.execution.advances]
        newest = max(session.turns.values(), key=lambda t: t.seq, default=None)
        if newest is not None and newest in beside:
            return newest
        if session.head is None:
            raise CommandError("there is no turn yet: type what you want first")
        return session.turns[session.head]

    def undo(self, steps: int = 1, cancel: threading.Event | None = None) -> None:
        """Move the head up: variables and conversation are those of then. Raises CommandError past the root."""
        self.goto(self.session.undo_target(steps), cancel)

    def redo(self, cancel: threading.Event | None = None) -> None:
        """Move the head back down by one. Raises CommandError if nothing was undone."""
        self.goto(self.session.redo_target(), cancel)

    def goto(self, turn: str | None, cancel: threading.Event | None = None, branch: str | None = None) -> None:
        """Put the head on `turn` (None: the root), its state restored first; if that fails the head stays.

        `branch` ends at `turn` from now on, and the head is on it.
        """
        self.states.at(self.session, turn, cancel)
        self.journal.append(HeadMove(turn, branch))

    def restore(self, cancel: threading.Event | None = None) -> Snapshot:
        """The state at the head, rebuilt if need be."""
        return self.states.at(self.session, self.session.head, cancel)

    def context(self, intent: str, parent: str | None, room: int) -> conversation.Rendered:
        """The text that the model would see for `intent` below `parent`, with `room` tokens kept for the code."""
        model, session = self.model(), self.session
        turns = session.path(parent) if parent is not None else []
        return conversation.fit(
            turns,
            intent,
            count=model.count,
            context=model.context_length,
            room=min(room, model.context_length // 2),
            language=self.language,
            prefix=session.header.prefix,
        )

    def _seeded(self, sampling: SamplingParams) -> SamplingParams:
        return msgspec.structs.replace(sampling, seed=sampling.seed + self.session.next_seq)

    def _complete(
        self, intent: str, parent: str | None, sampling: SamplingParams, hooks: Hooks
    ) -> tuple[conversation.Rendered, list[Completion]]:
        rendered = self.context(intent, parent, sampling.max_new_tokens)

        def on_text(row: int, delta: str) -> None:
            if sampling.n == 1:
                hooks.on_text(delta)

        def stop(text: str) -> bool:
            return conversation.finished(text, self.language)

        model, began = self.model(), time.monotonic()
        done = model.complete(rendered.text, sampling, stop=stop, on_text=on_text, cancel=hooks.cancel)
        hooks.on_written(time.monotonic() - began, sum(completion.tokens for completion in done))
        return rendered, done

    def take(self, proposal: Proposal, hooks: Hooks, chosen: Candidate | None = None) -> Turn:
        """Record `chosen` (the best) of a proposal as the turn; of several, the hooks hear now what it is and said."""
        index = proposal.best if chosen is None else proposal.candidates.index(chosen)
        proposal.tell(index, hooks)
        return self.accept(proposal, index)

    def _bench(self, parent: str | None, hooks: Hooks, inputs: Sequence[str] = ()) -> Bench:
        return Bench(self.sandbox, self.states.at(self.session, parent, hooks.cancel), self.settings.timeout, inputs)

    def _record(self, parent: str | None, intent: str, trial: Trial, **more: object) -> Turn:
        if not self.session.turns and isinstance(info := more.get("model"), ModelInfo):
            self.journal.revise(msgspec.structs.replace(self.session.header, model=info))
        turn = Turn.of(
            parent=parent,
            seq=self.session.next_seq,
            intent=intent,
            code=trial.code,
            execution=trial.execution,
            language=self.language.name,
            defined=self.language.defines(trial.code),
            **more,  # type: ignore[arg-type]
        )
        self.journal.append(TurnRecord(turn))
        if trial.execution.advances:
            self.states.keep(turn.id, trial.snapshot)
        return turn
