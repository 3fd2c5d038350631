/*
 * The parking lot: posters bring tickets, slots wait for them, and nobody stands between the two.
 *
 * An `atomic` marked "transaction" is one transaction of the store; a read is a step of its own, and anything may happen
 * between the two. A read from a server that lags behind is no different from a read made earlier, since between two
 * transactions a process does nothing that others notice. -DLAG checks just that: then each session reads from a copy of
 * the tree that catches up at any time, and holds what was ordered before the session's own last transaction, also one
 * that was refused.
 *
 * Checked: a ticket stands in exactly one place and an idle entry names a free slot, after every transaction; who works
 * has the ticket alone; and when nothing more can happen every posted ticket was begun (as a formula: every posted ticket
 * is eventually begun), while slot 0 goes on, slot 1 may work for ever or drain (-DDRAIN), and the last poster may be
 * killed. -DNO_ROLE leaves out the role that offers what killed posters have queued, and the killing: the protocol must do
 * without it. -DCUTS=N loses N connections. -DBUG_… plants a mistake.
 */
#define TICKETS 2
#define SLOTS 2
/* Sessions: the slots', then one for each poster, then the role's. A poster posts the ticket of its own number. */
#define POSTER(t) (SLOTS + (t))
#define ROLE (SLOTS + TICKETS)
#define SESSIONS (SLOTS + TICKETS + 1)
#ifndef CUTS
#define CUTS 0
#endif

bit queued[TICKETS];   /* whether the ticket has an entry in the queue */
byte idle[SLOTS];      /* 1 + the version in the name of the slot's entry in the idle list; 0 when there is none */
byte holds[SLOTS];     /* 1 + the ticket in the slot's node; 0 when it is free */
byte version[SLOTS];   /* of the slot's node */

#ifdef LAG
/* What a session sees of the tree, as far as it ever looks. A slot looks only at itself and at the queue. */
typedef Copy {
  bit queued[TICKETS];
  byte idle[SLOTS];
  byte holds[SLOTS];
  byte version[SLOTS]
}
Copy seen[SESSIONS];
bit closed[SESSIONS];
#define SEES(n, node) seen[n].node
#else
#define SEES(n, node) node
#endif

bit posted[TICKETS];
bit begun[TICKETS];
bit done[TICKETS];
bit drains;            /* slot 1 was told to take no more */
byte cuts = CUTS;      /* so often a connection is lost before its answer has come */

#ifdef LAG
#define IS_POSTER(n) (n >= SLOTS && n < ROLE)
#define LATE_QUEUE(n) (seen[n].queued[0] != queued[0] || seen[n].queued[1] != queued[1])
#define LATE_IDLE(n) (seen[n].idle[0] != idle[0] || seen[n].idle[1] != idle[1])
#define LATE_SLOT(n) (seen[n].version[n] != version[n] || seen[n].idle[n] != idle[n])
#define LATE(n) (!closed[n] && \
  ((!IS_POSTER(n) && LATE_QUEUE(n)) || (n >= SLOTS && LATE_IDLE(n)) || (n < SLOTS && LATE_SLOT(n))))

inline catch_up(n) {
  d_step {
    if
    :: IS_POSTER(n)
    :: else -> seen[n].queued[0] = queued[0]; seen[n].queued[1] = queued[1]
    fi;
    if
    :: n < SLOTS -> seen[n].holds[n] = holds[n]; seen[n].version[n] = version[n]; seen[n].idle[n] = idle[n]
    :: else -> seen[n].idle[0] = idle[0]; seen[n].idle[1] = idle[1]
    fi
  }
}

/* Nothing is read in the session any more. */
inline close(n) {
  d_step {
    closed[n] = 1;
    seen[n].queued[0] = 0; seen[n].queued[1] = 0;
    if
    :: n < SLOTS -> seen[n].holds[n] = 0; seen[n].version[n] = 0; seen[n].idle[n] = 0
    :: else -> seen[n].idle[0] = 0; seen[n].idle[1] = 0
    fi
  }
}

/* A server applies what it had not applied yet, for the sessions that read from it. */
proctype Lag() {
end_idle:
  do
  :: atomic { LATE(0) -> catch_up(0) }
  :: atomic { LATE(1) -> catch_up(1) }
  :: atomic { LATE(2) -> catch_up(2) }
  :: atomic { LATE(3) -> catch_up(3) }
  od
}
#else
inline catch_up(n) { skip }
inline close(n) { skip }
#endif

#define PLACES(t) (queued[t] + (holds[0] == 1 + t) + (holds[1] == 1 + t) + done[t])
#define CAN_BE_HANDED(s) (idle[s] == 0 || (idle[s] == 1 + version[s] && holds[s] == 0))

/* After every transaction that changed something. */
inline wrote(n) {
  assert(PLACES(0) == posted[0] && PLACES(1) == posted[1]);
  assert(CAN_BE_HANDED(0) && CAN_BE_HANDED(1));
  catch_up(n)
}

/* The first name in the list of a queue's entries; TICKETS when it is empty. */
inline read_head(session, head) {
  atomic {
    if
    :: SEES(session, queued[0]) -> head = 0
    :: !SEES(session, queued[0]) && SEES(session, queued[1]) -> head = 1
    :: else -> head = TICKETS
    fi
  }
}

/* Claiming.changes: the ticket into the slot, which is free at the version; its entry in the idle list goes with it. */
#ifdef BUG_HAND_WITHOUT_VERSION
#define IS_FREE_AT(s, v) (1)
#else
#define IS_FREE_AT(s, v) (idle[s] == 1 + (v) && version[s] == (v))
#endif
inline into_slot(t, s) {
  idle[s] = 0;
  holds[s] = 1 + (t);
  version[s]++
}

/* TicketPoster.offer: takes a ticket that stands in a queue to a parked slot. Uses the caller's entries, s and out. */
inline offer(session, t) {
  entries[0] = SEES(session, idle[0]);
  entries[1] = SEES(session, idle[1]);
  out = 0;
  s = 0;
  do
  :: s < SLOTS && !out && entries[s] ->
    atomic { /* transaction */
      if
      :: !queued[t] -> out = 1; catch_up(session)
      :: queued[t] && IS_FREE_AT(s, entries[s] - 1) ->
        queued[t] = 0;
        into_slot(t, s);
        out = 1;
        wrote(session)
      :: else -> catch_up(session)
      fi
    };
    entries[s] = 0;
    s++
  :: s < SLOTS && !out && !entries[s] -> s++
  :: else -> break
  od;
  atomic { entries[0] = 0; entries[1] = 0; s = 0 }
}

/* TicketPoster.post */
proctype Poster(byte t) {
  byte entries[SLOTS];
  byte s;
  bit out;
again:
  /* Where there is a parked slot the ticket is handed over as it is posted: claim-at-submit. */
  atomic {
    if
    :: SEES(POSTER(t), idle[0]) -> s = 0; entries[0] = SEES(POSTER(t), idle[0])
    :: SEES(POSTER(t), idle[1]) -> s = 1; entries[1] = SEES(POSTER(t), idle[1])
    :: !SEES(POSTER(t), idle[0]) && !SEES(POSTER(t), idle[1]) -> s = SLOTS
    fi
  };
  if
  :: s < SLOTS ->
    atomic { /* transaction */
      if
      :: IS_FREE_AT(s, entries[s] - 1) ->
        into_slot(t, s);
        posted[t] = 1;
        wrote(POSTER(t));
        out = 1
      :: else -> catch_up(POSTER(t))
      fi
    };
    atomic { entries[0] = 0; entries[1] = 0; s = 0 };
    if
    :: out -> goto end
    :: else -> goto again
    fi
  :: else -> s = 0
  fi;
  atomic { /* transaction */
    queued[t] = 1;
    posted[t] = 1;
    wrote(POSTER(t))
  };
#ifndef NO_ROLE
  if
  :: t == TICKETS - 1 -> goto end /* killed before it has read the idle list */
  :: true
  fi;
#endif
#ifndef BUG_IDLE_LIST_READ_FIRST
  offer(POSTER(t), t);
#endif
end:
  close(POSTER(t))
}

/* SlotLoop and Slot */
proctype Slot(byte s) {
  byte mine;
  byte head;
  byte ticket;
  bit lost;

park: /* Slot.park */
  atomic { /* transaction */
    if
    :: cuts -> cuts--; lost = 1 /* the connection is lost, and the transaction with it */
    :: true ->
      if
#ifdef BUG_PARK_WITHOUT_CHECK
      :: !idle[s] ->
#else
      :: !idle[s] && version[s] == mine ->
#endif
        idle[s] = 1 + mine;
        wrote(s)
      :: else -> catch_up(s)
      fi;
      if
      :: cuts -> cuts--; lost = 1 /* the connection is lost, and the answer with it */
      :: true
      fi
    fi
  };
  if
  :: atomic { lost ->
      /* commit(_:committed:): synchronized; is the entry there? If not, the same transaction again. */
      lost = 0;
      catch_up(s);
      if
      :: idle[s] == 1 + mine
      :: else -> goto park
      fi
    }
  :: else
  fi;
#ifdef BUG_NO_REREAD
  goto wait;
#endif

heads: /* Slot.claimFromQueue: what waits, read after the slot has entered the idle list */
  read_head(s, head);
  if
  :: head == TICKETS -> goto wait
  :: else
  fi;
  /* The entry itself is read after the list that names it, and may be gone by then. */
  if
  :: atomic { !SEES(s, queued[head]) ->
#ifdef BUG_VANISHED_HEAD_MEANS_EMPTY
      goto wait
#else
      goto heads
#endif
    }
  :: atomic { SEES(s, queued[head]) -> skip }
  fi;
  atomic { /* transaction */
    if
    :: !(idle[s] == 1 + mine && version[s] == mine) ->
      catch_up(s); /* a poster was quicker: the watch brings its ticket */
      goto wait
    :: idle[s] == 1 + mine && version[s] == mine ->
      if
#ifdef BUG_CLAIM_WITHOUT_ENTRY
      :: true ->
#else
      :: queued[head] ->
#endif
        queued[head] = 0;
        into_slot(head, s);
        mine++;
        ticket = head;
        wrote(s);
        goto work
      :: else -> catch_up(s); goto heads
      fi
    fi
  };

wait: /* the watch on the slot's own node, or the word to drain */
end_parked:
  if
  :: atomic { SEES(s, version[s]) > mine ->
      assert(SEES(s, holds[s]));
      mine = SEES(s, version[s]);
      ticket = SEES(s, holds[s]) - 1
    }
  :: atomic { s == 1 && drains && SEES(s, version[s]) <= mine -> goto leave }
  fi;

work:
  atomic {
    assert(!begun[ticket] && holds[s] == 1 + ticket);
    begun[ticket] = 1
  };
  if
  :: s == 1 -> goto end /* works for ever */
  :: true
  fi;

finish: /* Slot.finish, then takeNext */
  if
  :: s == 1 && drains ->
    atomic { /* transaction */
      holds[s] = 0;
      version[s]++;
      mine++;
      done[ticket] = 1;
      wrote(s);
      goto leave
    }
  :: !(s == 1 && drains) -> read_head(s, head)
  fi;
  if
  :: head < TICKETS ->
    atomic { /* transaction */
      if
      :: queued[head] ->
        queued[head] = 0;
        done[ticket] = 1;
        into_slot(head, s);
        mine++;
        ticket = head;
        wrote(s);
        goto work
      :: else -> catch_up(s); goto finish
      fi
    }
  :: else ->
    atomic { /* transaction: free, and in the idle list */
      done[ticket] = 1;
      holds[s] = 0;
      version[s]++;
      mine++;
      idle[s] = 1 + mine;
      wrote(s);
#ifdef BUG_NO_REREAD
      goto wait
#else
      goto heads
#endif
    }
  fi;

leave: /* SlotLoop.leave: out of the idle list, and then a look whether a ticket came at the last moment */
  atomic { /* transaction */
    if
    :: idle[s] == 1 + mine -> idle[s] = 0; wrote(s)
    :: else -> catch_up(s)
    fi
  };
#ifndef BUG_LEAVE_WITHOUT_LOOKING
  if
  :: atomic { SEES(s, holds[s]) ->
      mine = SEES(s, version[s]);
      ticket = SEES(s, holds[s]) - 1;
      goto work
    }
  :: atomic { !SEES(s, holds[s]) -> skip }
  fi;
#endif
end:
  close(s)
}

#ifndef NO_ROLE
/* Recovery.offerQueued, again and again. An offer that fails changes nothing, so only those that succeed are here. */
proctype Role() {
  byte s;
end_idle:
  do
  :: atomic { /* transaction */
      (queued[0] || queued[1]) && (idle[0] || idle[1]) ->
      if
      :: idle[0] -> s = 0
      :: idle[1] -> s = 1
      fi;
      if
      :: queued[0] -> queued[0] = 0; into_slot(0, s)
      :: !queued[0] -> queued[1] = 0; into_slot(1, s)
      fi;
      s = 0;
      wrote(ROLE)
    }
  od
}
#endif

/* When nothing more can happen, every ticket was taken up. */
proctype Quiet() {
end_never:
  timeout;
  assert(begun[0] == posted[0] && begun[1] == posted[1])
}

proctype Drain() {
end_never:
  drains = 1
}

init {
  atomic {
    run Slot(0);
#ifndef ONE_SLOT
    run Slot(1);
#endif
    run Poster(0);
#ifndef ONE_TICKET
    run Poster(1);
#endif
#ifdef LAG
    run Lag();
#endif
    run Quiet();
#ifdef DRAIN
    run Drain();
#endif
#if !defined(NO_ROLE) && !defined(BUG_NOBODY_OFFERS)
    run Role()
#endif
  }
}

#ifdef LIVENESS
ltl every_ticket_is_begun { ([] (posted[0] -> <> begun[0])) && ([] (posted[1] -> <> begun[1])) }
#endif
