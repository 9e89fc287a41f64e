"""Turns: an intent becomes text, completions, code, executions, a record; undo and redo move the head.

Knows the order of one turn and nothing of how each step is done. Code by hand and edited code enter at the sandbox
and leave the same way. Leaves screens and key presses to the callers, who pass `Hooks`.
"""

import threading
from collections.abc import Callable, Sequence, Set
from pathlib import Path

import msgspec

from mtchat import conversation, selection
from mtchat.config import Settings
from mtchat.engine.candidates import SKIPPED, grouped, refused
from mtchat.engine.states import States
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
        sampling = sampling or self._seeded(self.settings.sampling())
        return self._make(intent, self.session.head, sampling, hooks, tried, inputs=inputs)

    def retry(self, hooks: Hooks) -> Turn:
        """Other code for the last turn's intent, beside it. Raises CommandError if the model has no other."""
        last = self.last_turn()
        if not last.intent.strip():
            raise CommandError("the last turn was written by hand: there is no intent to retry; use /edit")
        sampling = self.settings.sampling()
        hot = max(sampling.temperature, RETRY_TEMPERATURE)
        sampling = msgspec.structs.replace(sampling, temperature=hot, greedy=False, n=max(sampling.n, RETRY_SAMPLES))
        tried = {t.code for t in self.session.turns.values() if t.parent == last.parent and t.intent == last.intent}
        sampling, answers = self._seeded(sampling), last.execution.inputs
        return self._make(last.intent, last.parent, sampling, hooks, tried, other=True, inputs=answers)

    def run_code(self, code: str, hooks: Hooks, intent: str = "", inputs: Sequence[str] = ()) -> Turn:
        """A turn of code written by hand, below the head."""
        trial = self._try(code, self.session.head, hooks, inputs=inputs)
        return self._record(self.session.head, intent, trial, edited=True)

    def edit(self, code: str, hooks: Hooks) -> Turn:
        """The last turn with other code, run at its parent's state, beside it."""
        last = self.last_turn()
        trial = self._try(code, last.parent, hooks)
        kept = {"completion": last.completion, "sampling": last.sampling, "model": last.model, "evicted": last.evicted}
        return self._record(last.parent, last.intent, trial, edited=True, **kept)

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

        return rendered, self.model().complete(rendered.text, sampling, stop=stop, on_text=on_text, cancel=hooks.cancel)

    def _make(
        self,
        intent: str,
        parent: str | None,
        sampling: SamplingParams,
        hooks: Hooks,
        tried: Set[str],
        other: bool = False,
        inputs: Sequence[str] = (),
    ) -> Turn:
        rendered, completions = self._complete(intent, parent, sampling, hooks)
        groups = grouped(completions, self.language)
        fresh = [(code, group) for code, group in groups if code and code not in tried]
        if other and not fresh and not hooks.cancel.is_set():
            raise CommandError("the model offers no other code for this intent: reword it, or use /edit")
        return self._choose(intent, parent, rendered, sampling, fresh or groups, hooks, inputs)

    def _choose(
        self,
        intent: str,
        parent: str | None,
        rendered: conversation.Rendered,
        sampling: SamplingParams,
        groups: Sequence[tuple[str, list[Completion]]],
        hooks: Hooks,
        inputs: Sequence[str],
    ) -> Turn:
        alone = len(groups) == 1
        quiet = hooks if alone else Hooks(on_review=hooks.on_review, cancel=hooks.cancel)  # nobody answers them all
        trials = [self._try(code, parent, quiet, group[0], inputs) for code, group in groups]
        candidates = [Candidate(t.code, len(g), g[0], t.execution) for t, (_, g) in zip(trials, groups, strict=True)]
        best = selection.choose(candidates)
        if not alone:
            hooks.on_code(best.code)
        others = tuple(c for c in candidates if c is not best)
        trial = next(trial for trial, candidate in zip(trials, candidates, strict=True) if candidate is best)
        return self._record(
            parent,
            intent,
            trial,
            edited=trial.edited,
            completion=best.completion,
            sampling=sampling,
            model=self.model().info,
            candidates=others,
            evicted=rendered.evicted,
            doubt=None if trial.edited else confidence.doubt(best.completion, best.code, self.model().calibration),
        )

    def _try(
        self,
        code: str,
        parent: str | None,
        hooks: Hooks,
        completion: Completion | None = None,
        inputs: Sequence[str] = (),
    ) -> Trial:
        at = self.states.at(self.session, parent, hooks.cancel)
        hooks.on_code(code)
        if completion is not None and (refusal := refused(code, completion)):
            return Trial(code, refusal, at)
        reviewed = hooks.on_review(code) if completion is not None else code
        if reviewed is None:
            return Trial(code, SKIPPED, at)
        execution, snapshot = self.sandbox.run(
            reviewed,
            at,
            on_output=hooks.on_output,
            on_input=hooks.on_input,
            inputs=tuple(inputs),
            cancel=hooks.cancel,
            timeout=self.settings.timeout,
        )
        return Trial(reviewed, execution, snapshot, reviewed != code)

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
