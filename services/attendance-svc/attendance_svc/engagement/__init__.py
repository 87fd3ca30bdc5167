"""An engagement of a leader: an invitation, a speech, an article, an inscription, a ceremony, a forum (公务活动)."""
