"""Turns: an intent becomes text, completions, code, executions, a record; undo and redo move the head.

Knows the order of one turn and nothing of how each step is done. Code by hand and edited code enter at the sandbox
and leave the same way. Leaves screens and key presses to the callers, who pass `Hooks`.
"""

import threading
from collections.abc import Callable, Sequence, Set

import msgspec

from mtchat import conversation, selection
from mtchat.config import Settings
from mtchat.engine.candidates import grouped, refused
from mtchat.engine.states import States
from mtchat.engine.values import Hooks, Journal
from mtchat.errors import CommandError
from mtchat.languages import LANGUAGES, Language
from mtchat.models.base import Model
from mtchat.sandbox import Sandbox, Snapshot
from mtchat.session import HeadMove, Session, TurnRecord
from mtchat.turn import Candidate, Completion, Execution, ModelInfo, SamplingParams, Turn

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
        self.states = States(sandbox, notice)

    @property
    def session(self) -> Session:
        return self.journal.session

    @property
    def language(self) -> Language:
        return LANGUAGES[self.session.header.language]

    def submit(
        self, intent: str, hooks: Hooks, sampling: SamplingParams | None = None, tried: Set[str] = frozenset()
    ) -> Turn:
        """One turn below the head from an intent; `sampling` as given, else the settings' with a seed for this turn.

        Code in `tried` is taken only where there is no other. Raises MtchatError for our own failures, the session
        then unchanged.
        """
        sampling = sampling or self._seeded(self.settings.sampling())
        return self._make(intent, self.session.head, sampling, hooks, tried)

    def retry(self, hooks: Hooks) -> Turn:
        """Other code for the last turn's intent, beside it. Raises CommandError if the model has no other."""
        last = self.last_turn()
        if not last.intent.strip():
            raise CommandError("the last turn was written by hand: there is no intent to retry; use /edit")
        sampling = self.settings.sampling()
        hot = max(sampling.temperature, RETRY_TEMPERATURE)
        sampling = msgspec.structs.replace(sampling, temperature=hot, greedy=False, n=max(sampling.n, RETRY_SAMPLES))
        tried = {t.code for t in self.session.turns.values() if t.parent == last.parent and t.intent == last.intent}
        return self._make(last.intent, last.parent, self._seeded(sampling), hooks, tried, other=True)

    def run_code(self, code: str, hooks: Hooks, intent: str = "") -> Turn:
        """A turn of code written by hand, below the head."""
        return self._record(self.session.head, intent, code, self._try(code, self.session.head, hooks), edited=True)

    def edit(self, code: str, hooks: Hooks) -> Turn:
        """The last turn with other code, run at its parent's state, beside it."""
        last = self.last_turn()
        execution = self._try(code, last.parent, hooks)
        kept = {"completion": last.completion, "sampling": last.sampling, "model": last.model, "evicted": last.evicted}
        return self._record(last.parent, last.intent, code, execution, edited=True, **kept)

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

    def goto(self, turn: str | None, cancel: threading.Event | None = None) -> None:
        """Put the head on `turn` (None: the root), its state restored first; if that fails the head stays."""
        self.states.at(self.session, turn, cancel)
        self.journal.append(HeadMove(turn))

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
    ) -> Turn:
        rendered, completions = self._complete(intent, parent, sampling, hooks)
        groups = grouped(completions, self.language)
        fresh = [(code, group) for code, group in groups if code and code not in tried]
        if other and not fresh and not hooks.cancel.is_set():
            raise CommandError("the model offers no other code for this intent: reword it, or use /edit")
        return self._choose(intent, parent, rendered, sampling, fresh or groups, hooks)

    def _choose(
        self,
        intent: str,
        parent: str | None,
        rendered: conversation.Rendered,
        sampling: SamplingParams,
        groups: Sequence[tuple[str, list[Completion]]],
        hooks: Hooks,
    ) -> Turn:
        candidates, snapshots = [], {}
        alone = len(groups) == 1
        for code, group in groups:
            quiet = hooks if alone else Hooks(cancel=hooks.cancel)
            execution, snapshots[code] = self._try(code, parent, quiet, group[0])
            candidates.append(Candidate(code, len(group), group[0], execution))
        best = selection.choose(candidates)
        if not alone:
            hooks.on_code(best.code)
        others = tuple(c for c in candidates if c is not best)
        return self._record(
            parent,
            intent,
            best.code,
            (best.execution, snapshots[best.code]),
            completion=best.completion,
            sampling=sampling,
            model=self.model().info,
            candidates=others,
            evicted=rendered.evicted,
        )

    def _try(
        self, code: str, parent: str | None, hooks: Hooks, completion: Completion | None = None
    ) -> tuple[Execution, Snapshot]:
        at = self.states.at(self.session, parent, hooks.cancel)
        hooks.on_code(code)
        if completion is not None and (refusal := refused(code, completion)):
            return refusal, at
        limit = self.settings.timeout
        return self.sandbox.run(code, at, on_output=hooks.on_output, cancel=hooks.cancel, timeout=limit)

    def _record(
        self, parent: str | None, intent: str, code: str, ran: tuple[Execution, Snapshot], **more: object
    ) -> Turn:
        execution, snapshot = ran
        if not self.session.turns and isinstance(info := more.get("model"), ModelInfo):
            self.journal.revise(msgspec.structs.replace(self.session.header, model=info))
        turn = Turn.of(
            parent=parent,
            seq=self.session.next_seq,
            intent=intent,
            code=code,
            execution=execution,
            language=self.language.name,
            defined=self.language.defines(code),
            **more,  # type: ignore[arg-type]
        )
        self.journal.append(TurnRecord(turn))
        if execution.advances:
            self.states.keep(turn.id, snapshot)
        return turn
