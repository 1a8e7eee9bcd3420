"""The laws that the lab is held to: formulas, the bands in which they count as met, and a judge.

    from plots import theory
    theory.mathis(loss=0.01, rtt_s=0.02)          # 7.59 Mbit/s
    theory.judge("mathis", [theory.Measurement(1.28, 1.22, 1.33)])

Units stand in the names of the arguments; loss is a fraction; results are Mbit/s of TCP payload
where no name says otherwise. Numbers give numbers, arrays give arrays; an argument that a law does
not cover raises ValueError. `docs/theory.md` explains each of them.
"""

from plots.theory.arq import go_back_n, selective_repeat, stop_and_wait, stop_and_wait_timed
from plots.theory.chunks import (best_chunk_bytes, dynamic_bound_s, dynamic_s, ideal_s,
                                 static_ratio, static_s)
from plots.theory.judge import (ACROSS, FAILS, HOLDS, INSIDE, OPEN, OUTSIDE, Measurement, Verdict,
                                band_of, judge, place)
from plots.theory.laws import FEWEST_EVENTS, LAWS, Control, Law, payload_cap
from plots.theory.loss import (MATHIS_C, MSS_BYTES, PAYLOAD_SHARE, RENO_C, bbr_ceiling,
                               bbr_knee_loss, cubic, cubic_friendly_window, cubic_loss_allowed,
                               cubic_region_window, cubic_window, loss_events_expected, mathis,
                               mathis_constant, payload_share, pftk, pftk_backoff, pftk_window,
                               relative_deviation, reno_loss_allowed, reno_window)
from plots.theory.objects import objects_rtts, objects_s
from plots.theory.parallel import (altman, buffered_share, cubic_unbuffered_share, fair_share,
                                   hacker, hacker_equal, jain, jain_two_users, knee,
                                   synchronised, window_limited)
from plots.theory.scaling import amdahl, usl, usl_peak
from plots.theory.servers import (backlog_admitted, burst_s, little, md1_wait, mm1_wait,
                                  mm1k_refused, syn_retries_s)
from plots.theory.short import (cardwell_handshake_s, cardwell_slow_start_s,
                                cardwell_slow_start_segments, segments, short_transfer_s,
                                slow_start_rounds)
from plots.theory.swarm import client_server_bound_s, qiu_srikant_s, swarm_bound_s

FORMULAS = (
    amdahl, altman, backlog_admitted, bbr_ceiling, bbr_knee_loss, best_chunk_bytes, buffered_share,
    burst_s, cardwell_handshake_s, cardwell_slow_start_s, cardwell_slow_start_segments,
    client_server_bound_s, cubic, cubic_friendly_window, cubic_loss_allowed, cubic_region_window,
    cubic_unbuffered_share, cubic_window, dynamic_bound_s, dynamic_s, fair_share, go_back_n,
    hacker, hacker_equal, ideal_s, jain, jain_two_users, knee, little, loss_events_expected,
    mathis, mathis_constant, md1_wait, mm1_wait, mm1k_refused, objects_rtts, objects_s,
    payload_share, pftk, pftk_backoff, pftk_window, qiu_srikant_s, relative_deviation,
    reno_loss_allowed, reno_window, segments, selective_repeat, short_transfer_s,
    slow_start_rounds, static_ratio, static_s, stop_and_wait, stop_and_wait_timed, swarm_bound_s,
    syn_retries_s, synchronised, usl, usl_peak, window_limited)

__all__ = [formula.__name__ for formula in FORMULAS] + [
    "ACROSS", "FAILS", "FEWEST_EVENTS", "FORMULAS", "HOLDS", "INSIDE", "LAWS", "MATHIS_C",
    "MSS_BYTES", "OPEN", "OUTSIDE", "PAYLOAD_SHARE", "RENO_C", "Control", "Law", "Measurement",
    "Verdict", "band_of", "judge", "payload_cap", "place"]
