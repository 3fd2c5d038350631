/*
 * Unknown outcomes: two triggers start a build each, and connections are lost with a transaction under way. That one may
 * have been done, never arrive, or be done still, until the session has synchronized on its new connection.
 *
 * Checked: no trigger starts two builds, and one that was acknowledged has started one. -DBUG_… plants a mistake.
 */
#define CLIENTS 2
#define NUMBERS 5

byte next = 1;           /* the number of the job's next build, in the node that is also its version */
byte running[NUMBERS];   /* 1 + the trigger that started the build; 0 when there is none */
byte ended[NUMBERS];     /* the same in the history */
bit acknowledged[CLIENTS];
byte cuts = 2;
bit broken[CLIENTS];     /* its connection is lost, and it has not synchronized on another yet */

chan requests[CLIENTS] = [2] of { byte }; /* in the order in which the session sent them */
chan answers[CLIENTS] = [2] of { bit };

#define OWN(c, n) (running[n] == 1 + c || ended[n] == 1 + c)
#define STARTED(c) (OWN(c, 1) + OWN(c, 2) + OWN(c, 3) + OWN(c, 4))

/* SharedRepository.start, with TicketPoster.post and commit(_:committed:) in it */
proctype Trigger(byte c) {
  byte number;
  bit done;
start:
  number = next;
send:
  requests[c] ! number;
  if
  :: answers[c] ? done ->
    if
    :: done -> goto end
    :: else -> goto start /* badVersion: somebody else took the number */
    fi
  :: atomic { cuts && nempty(requests[c]) -> cuts--; broken[c] = 1 } /* lost before the store has it, or so it seems */
  :: atomic { cuts && nempty(answers[c]) -> cuts--; broken[c] = 1; answers[c] ? done } /* lost with the answer */
  fi;
#ifdef BUG_UNKNOWN_MEANS_DONE
  goto end;
#endif
#ifndef BUG_NO_SYNCHRONIZE
  /* synchronize(): what was under way has been done by now, or never will be. */
  atomic { empty(requests[c]) };
#endif
  do
  :: answers[c] ? done /* of the old connection: nobody hears it */
  :: empty(answers[c]) -> break
  od;
  atomic { done = 0; broken[c] = 0 };
#ifdef BUG_UNKNOWN_MEANS_FAILED
  goto start;
#endif
#ifdef BUG_RETRY_WITHOUT_ASKING
  goto send;
#endif
#ifdef BUG_HISTORY_READ_FIRST
  if
  :: ended[number] == 1 + c -> goto end
  :: else
  fi;
  if
  :: running[number] == 1 + c -> goto end
  :: else -> goto send
  fi;
#else
  /* wasStarted: a build only ever moves from what runs to what has ended, so in this order it cannot be missed. */
  if
  :: running[number] == 1 + c -> goto end
  :: else
  fi;
  if
  :: ended[number] == 1 + c -> goto end
  :: else -> goto send
  fi;
#endif
end:
  atomic {
    assert(STARTED(c) == 1);
    acknowledged[c] = 1
  }
}

/* The store, and the network before it. */
proctype Store() {
  byte number;
  byte c;
end_idle:
  do
  :: atomic { /* transaction */
      nempty(requests[0]) || nempty(requests[1]) ->
      if
      :: requests[0] ? number -> c = 0
      :: requests[1] ? number -> c = 1
      fi;
      if
      :: number == next && next < NUMBERS ->
        assert(!running[number] && !ended[number]);
        running[number] = 1 + c;
        next++;
        answers[c] ! 1
      :: else -> answers[c] ! 0
      fi;
      assert(STARTED(0) <= 1 && STARTED(1) <= 1);
      number = 0
    }
  od
}

/* What was sent on a connection that is lost may be lost with it. */
proctype Network() {
  byte number;
end_idle:
  do
  :: atomic { broken[0] && nempty(requests[0]) -> requests[0] ? number; number = 0 }
  :: atomic { broken[1] && nempty(requests[1]) -> requests[1] ? number; number = 0 }
  od
}

/* Builds end: first into the history, then out of what runs. */
proctype End() {
  byte n = 1;
end_idle:
  do
  :: atomic { n < NUMBERS && running[n] -> ended[n] = running[n] };
    atomic { running[n] = 0; n++ }
  od
}

proctype Quiet() {
end_never:
  timeout;
  assert(acknowledged[0] && acknowledged[1])
}

init {
  atomic { run Trigger(0); run Trigger(1); run Store(); run Network(); run End(); run Quiet() }
}
