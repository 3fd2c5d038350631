/*
 * Recovery: worker 0 is lost, or only seems to be, and two recoverers give back what it held, at the same time.
 *
 * As in parking.pml, an `atomic` marked "transaction" is one transaction of the store, and a read is a step of its own. A
 * late read is an early one: between two transactions a process does nothing that others notice, so what it reads from a
 * server that lags behind it could have read from the newest server earlier. (parking.pml checks that with -DLAG.)
 *
 * The store of this model is weaker than it may be: a finish that a worker sent before its session ended is done after it
 * when the guards let it, and so is all that the finish brings, such as the next ticket. Only session nodes cannot be
 * created then.
 *
 * Checked: a ticket stands in exactly one place, at every transaction; its outcome is accepted once; the object that the
 * outcome names is never written again; nobody takes anything from a worker that lives; and when nothing more can happen
 * all tickets are done (as a formula: every ticket is eventually done). -DCUTS=N loses N
 * connections; -DALIVE_LIST_FIRST reads the lists of a sweep in the wrong order, which must not matter; -DBUG_… plants a
 * mistake.
 */
#ifndef TICKETS
#define TICKETS 2
#endif
#define WORKERS 2 /* of one slot each */
#ifndef CUTS
#define CUTS 0
#endif

bit alive[WORKERS];    /* its node among the workers, which its session owns */
bit exists[WORKERS];   /* its slot's node */
byte version[WORKERS];
byte holds[WORKERS];   /* 1 + the ticket in the slot's node; 0 when it is free */
byte token[WORKERS];   /* the version at which the claim was made; a cancellation writes the node but leaves the token */
byte idle[WORKERS];    /* 1 + the version in the name of the slot's entry in the idle list; 0 when there is none */
bit queued[2];
bit done[2];

/* Where attempts write what they made, and which of it counts. */
#define TOKENS 16
#define TOKEN(w, v) (8 * (w) + (v))
#ifdef BUG_ATTEMPTS_SHARE_A_PREFIX
#define KEY(t, w, v) (t)
#else
#define KEY(t, w, v) TOKEN(w, v)
#endif
byte object[TOKENS];   /* 1 + the token under which it was written */
byte named[2];   /* 1 + the key of the object that the accepted outcome names */
byte accepted[2];/* 1 + the token of the accepted outcome */

bit crashed;
byte cuts = CUTS;      /* so often a connection is lost before its answer has come */

#define IS_IN(t, w) (exists[w] && holds[w] == 1 + t)
#define PLACES(t) (queued[t] + IS_IN(t, 0) + IS_IN(t, 1) + done[t])
#define COUNTS(t) (!done[t] || object[named[t] - 1] == accepted[t])

inline wrote() {
  assert(PLACES(0) == 1 && PLACES(1) == TICKETS - 1);
  assert(COUNTS(0) && COUNTS(1))
}

inline into_slot(t, w) {
  version[w]++;
  idle[w] = 0;
  holds[w] = 1 + (t);
  token[w] = version[w]
}

inline read_head(head) {
  if
  :: atomic { queued[0] -> head = 0 }
  :: atomic { !queued[0] && queued[1] -> head = 1 }
  :: atomic { !queued[0] && !queued[1] -> head = TICKETS }
  fi
}

/* Worker 0 may be killed between any two transactions. */
#define MAY_CRASH if :: atomic { w == 0 -> crashed = 1; goto end } :: true fi

proctype Worker(byte w) {
  byte mine;   /* the version of the slot's node, as the worker knows it */
  byte under;  /* the token that it works under */
  byte head;
  byte ticket;
  bit lost;

  /* Membership.join */
  atomic { /* transaction */
    alive[w] = 1;
    exists[w] = 1
  };
park:
  atomic { /* transaction */
    if
    :: alive[w] && exists[w] && version[w] == mine && !idle[w] -> idle[w] = 1 + mine; wrote()
    :: alive[w] && !(exists[w] && version[w] == mine && !idle[w])
    :: !alive[w] -> goto end /* sessionEnded */
    fi
  };
  MAY_CRASH;

heads:
  read_head(head);
  if
  :: head < TICKETS ->
    atomic { /* transaction */
      if
      :: idle[w] != 1 + mine || version[w] != mine -> head = 0; goto wait
      :: idle[w] == 1 + mine && version[w] == mine && !queued[head] -> head = 0; goto heads
      :: idle[w] == 1 + mine && version[w] == mine && queued[head] ->
        queued[head] = 0;
        into_slot(head, w);
        mine = version[w];
        under = mine;
        ticket = head;
        head = 0;
        wrote();
        goto work
      fi
    }
  :: else -> head = 0
  fi;

wait: /* the watch on its own node, and the end of its session */
end_parked:
  if
  :: atomic { exists[w] && version[w] > mine ->
      if
      :: holds[w] -> mine = version[w]; under = token[w]; ticket = holds[w] - 1
      :: else -> goto end
      fi
    }
  :: atomic { !exists[w] || !alive[w] -> goto end }
  fi;

work:
  MAY_CRASH;
  atomic {
    object[KEY(ticket, w, under)] = 1 + TOKEN(w, under);
    assert(COUNTS(0) && COUNTS(1))
  };

finish:
  MAY_CRASH;
  read_head(head);
  atomic { /* transaction; the next ticket is taken in the same one, if there is one */
    lost = 0;
    if
    :: cuts -> cuts--; lost = 1 /* the connection is lost, and the transaction with it */
    :: true ->
      if
#ifdef BUG_FINISH_WITHOUT_VERSION
      :: head == TICKETS || queued[head] ->
#else
      :: exists[w] && version[w] == mine && (head == TICKETS || queued[head]) ->
#endif
        assert(!done[ticket]);
        done[ticket] = 1;
        named[ticket] = 1 + KEY(ticket, w, under);
        accepted[ticket] = 1 + TOKEN(w, under);
        if
        :: head < TICKETS -> queued[head] = 0; into_slot(head, w)
        :: else ->
          version[w]++;
          holds[w] = 0;
          token[w] = 0;
          idle[w] = (alive[w] -> 1 + version[w] : 0)
        fi;
        wrote()
      :: exists[w] && version[w] == mine && head < TICKETS && !queued[head] -> goto finish
      :: !(exists[w] && version[w] == mine) ->
        /* versionStillHeld: a cancellation came, or the claim is lost */
        if
        :: exists[w] && holds[w] == 1 + ticket && token[w] == under -> mine = version[w]; goto finish
        :: else -> goto end /* ClaimLost */
        fi
      fi;
      if
      :: cuts -> cuts--; lost = 1 /* the connection is lost, and the answer with it */
      :: true
      fi
    fi
  };
#ifndef BUG_UNKNOWN_MEANS_DONE
  if
  :: atomic { lost && exists[w] && holds[w] == 1 + ticket && token[w] == under -> lost = 0; goto finish }
  :: atomic { !(lost && exists[w] && holds[w] == 1 + ticket && token[w] == under) -> lost = 0 }
  fi;
#endif
  mine++;
  if
  :: head < TICKETS -> atomic { ticket = head; under = mine; head = 0; goto work }
  :: else -> atomic { head = 0; goto heads }
  fi;
end:
  skip
}

/* The store ends the session of worker 0: because it was killed, or for no good reason. */
proctype Expiry() {
end_never:
  atomic { /* transaction */
    alive[0] ->
    alive[0] = 0;
    idle[0] = 0
  }
}

/* Somebody cancels what worker 0 does: the slot's node is written, at its version, and the claim stays. */
proctype Cancellation() {
  byte at;
end_never:
  if
  :: atomic { exists[0] && holds[0] -> at = version[0] }
  fi;
  atomic { /* transaction */
    if
    :: exists[0] && version[0] == at -> version[0]++; wrote()
    :: else
    fi
  }
}

/* Recovery. The first recoverer may be killed, too. */
proctype Recoverer(byte r) {
  byte w;
  byte at;
  byte ticket;
  byte entry;
  bit lost;
sweep:
#ifdef ALIVE_LIST_FIRST
  /* Then a worker that joins between the two reads looks lost, and only the transaction's proof saves it. */
end_sweep:
  if
  :: atomic { !alive[0] -> w = 0 }
  :: atomic { !alive[1] -> w = 1 }
  fi;
end_slots:
  exists[w];
#else
end_sweep:
  atomic { exists[0] && !alive[0] -> w = 0 };
#endif

recover:
  if
  :: atomic { exists[w] -> at = version[w]; ticket = holds[w] }
  :: atomic { !exists[w] -> goto end }
  fi;
  entry = idle[1];
  atomic { /* transaction */
    if
    :: cuts -> cuts--; lost = 1
    :: true ->
      if
#ifndef BUG_NO_PROOF_OF_ABSENCE
      :: alive[w] -> goto sweep
#endif
#ifndef BUG_RECOVER_WITHOUT_SLOT
      :: !alive[w] && !exists[w] -> goto end /* the other one was quicker */
#endif
#ifndef BUG_RECOVER_WITHOUT_VERSION
      :: !alive[w] && exists[w] && version[w] != at -> goto recover
#endif
      :: else ->
        if
        :: ticket && entry && idle[1] != entry -> goto recover /* that slot is not parked any more */
        :: !(ticket && entry && idle[1] != entry) ->
          assert(!alive[w]);
          exists[w] = 0;
          holds[w] = 0;
          token[w] = 0;
          version[w] = 0;
          if
          :: ticket && entry -> into_slot(ticket - 1, 1)
          :: ticket && !entry -> queued[ticket - 1] = 1
          :: else
          fi;
          wrote()
        fi
      fi;
      if
      :: cuts -> cuts--; lost = 1
      :: true
      fi
    fi
  };
  /* commit(_:committed:): is the slot gone? By whomever, its ticket was given back. */
  if
  :: atomic { lost && exists[w] -> lost = 0; goto recover }
  :: atomic { !(lost && exists[w]) -> lost = 0 }
  fi;
  if
  :: r == 0 || !ticket || entry -> goto end /* killed before it has offered what it queued */
  :: ticket && !entry
  fi;
  entry = idle[1];
  atomic { /* transaction */
    if
    :: entry && idle[1] == entry && queued[ticket - 1] -> queued[ticket - 1] = 0; into_slot(ticket - 1, 1); wrote()
    :: else
    fi
  };
end:
  skip
}

/* Recovery.offerQueued, again and again; see parking.pml. */
proctype Role() {
end_idle:
  do
  :: atomic { idle[1] && queued[0] -> queued[0] = 0; into_slot(0, 1); wrote() }
  :: atomic { idle[1] && queued[1] -> queued[1] = 0; into_slot(1, 1); wrote() }
  od
}

/* When nothing more can happen, every ticket is done. */
proctype Quiet() {
end_never:
  timeout;
  assert(done[0] && (done[1] || TICKETS == 1))
}

init {
  atomic {
    queued[0] = 1;
    queued[1] = TICKETS - 1;
    run Worker(0);
    run Worker(1);
    run Expiry();
    run Recoverer(0);
    run Recoverer(1);
#ifndef BUG_NOBODY_OFFERS
    run Role();
#endif
#ifdef CANCELLATION
    run Cancellation();
#endif
    run Quiet()
  }
}

#ifdef LIVENESS
ltl every_ticket_is_done { <> (done[0] && (done[1] || TICKETS == 1)) }
#endif
