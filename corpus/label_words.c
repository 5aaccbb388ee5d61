/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/label_words.h"

#include "corpus/word_set.h"

/* Sorted by their bytes, in lower case: English, with what German, French and Spanish minutes use.
 */
static const char *const words[] = {
    /* clang-format off */
    "absent", "absents", "abstain", "abstained", "abstaining", "abstentions", "abstimmung",
    "abstract", "accepted", "access", "acknowledgements", "acknowledgments", "action",
    "actions", "acuerdo", "acuerdos", "addendum", "address", "adjourned", "adjournment",
    "admin", "adopted", "advantage", "against", "agenda", "agendum", "agreed", "agreement",
    "ai", "aim", "all", "alpha", "also", "alternative", "alternatives", "amendment", "analysis",
    "and", "anlage", "annex", "announcement", "announcements", "answer", "answers", "antwort",
    "anwesend", "anwesende", "anyone", "aob", "api", "apologies", "appendix", "applicant",
    "approach", "approval", "approved", "april", "archive", "archives", "argument", "artifacts",
    "asistentes", "asked", "assigned", "assignee", "assignees", "asunto", "attachments",
    "attendance", "attended", "attendee", "attendees", "attending", "attest", "audience",
    "audio", "aufgabe", "august", "ausentes", "author", "authors", "availability", "aye",
    "ayes", "background", "backlog", "basis", "bcc", "because", "benefit", "benefits", "beratung",
    "bericht", "beschluss", "beta", "bikeshed", "bosun", "budget", "bug", "but", "by", "call",
    "carried", "case", "category", "caution", "cc", "chapter", "charter", "charters",
    "chat", "chatlog", "choices", "chorus", "clarification", "clause", "clerk's", "code", "collectively",
    "comment", "comments", "commit", "communication", "concern", "concerns", "conclusion",
    "conclusions", "condition", "conditions", "conference", "confirmed", "cons", "consensus",
    "consent", "considerations", "considérant", "contact", "context", "continuation",
    "contributors", "cost", "costs", "counterpoint", "cta", "ctc", "currently", "date", "date/time",
    "dates", "datum", "deadline", "debate", "december", "decided", "decision", "decisions",
    "decisión", "default", "defeated", "defer", "definition", "delegates", "dependencies",
    "deps", "description", "design", "detail", "details", "disadvantage", "discussed",
    "discussion", "distribution", "doc", "docs", "document", "documents", "done", "draft",
    "drucksache", "duration", "durée", "décision", "décisions", "edit", "editor", "editorial",
    "effective", "either", "ejemplo", "email", "enclosure", "end", "entschuldigt", "ergebnis",
    "eta", "etc", "event", "everybody", "everyone", "example", "examples", "excused", "excusés",
    "executive", "exemple", "expected", "explanation", "facilitators", "fact",
    "faq", "favorable", "feature", "february", "fecha", "feedback", "fiscal", "fix", "flag",
    "follow", "followup", "for", "format", "frage", "friday", "from", "fs", "future", "fyi",
    "ghg", "github", "goal", "goals", "grund", "guest", "guests", "here", "heure", "hinweis",
    "hinweise", "history", "homepage", "homework", "hora", "how", "however",
    "http", "https", "id", "idea", "ideas", "if", "impact", "implementation", "important", "in",
    "input", "installation", "interested", "interface", "intro", "introduction",
    "introductions", "invitation", "irc", "issue", "issues", "item", "item/topic", "items",
    "january", "joined", "july", "june", "kep", "key", "language", "lead", "lesson", "liaison",
    "lib", "lieu", "link", "links", "list", "live", "location", "log", "logistics", "logs",
    "lugar", "majority", "march", "meanwhile", "meeting", "members", "membership", "merge",
    "message", "meta-question", "methodology", "milestone", "milestones", "minutes",
    "moderators", "monday", "more", "motion", "motions", "motivation", "moved",
    "name", "names", "nay", "nays", "nb", "need", "needs", "neutral", "new", "next", "nicht",
    "nil", "nit", "no", "noes", "none", "normative", "not", "nota", "notable", "note", "noted",
    "notes", "notetaker", "notetakers", "notice", "november", "now", "objection", "objections",
    "objective", "objet", "obs", "observation", "observations", "observer", "observers",
    "october", "old", "on", "only", "open", "opened", "option", "options", "or",
    "orden", "order", "ordinance", "ordre", "ort", "other", "others", "our", "outcome",
    "outcomes", "output", "outstanding", "overview", "owner", "owners", "page", "pages",
    "panel", "paper", "papers", "part", "participant", "participants", "passed", "password",
    "people", "period", "permit", "phase", "phone", "phrase", "place", "please", "po", "point",
    "points", "poll", "position", "possible", "posters", "pr", "pregunta", "prepared",
    "present", "present+", "presentation", "presentations", "presenter", "presenters",
    "presentes", "previous", "price", "priority", "pro", "problem", "problems", "process",
    "progress", "projet", "proposal", "proposals", "proposed", "proposition", "pros",
    "protokoll", "prs", "présent", "présents", "ps", "psa", "public", "punto", "purpose", "q",
    "quelle", "question", "question/answer", "questions", "queue", "quick", "quorum",
    "ratified", "ratio", "rationale", "re", "reason", "reasons", "recap", "received",
    "recommendation", "recommendations", "recommended", "recorder", "recording", "recordings",
    "recused", "ref", "reference", "references", "registration", "regrets", "regrets+",
    "rejected", "related", "release", "remark", "remarks", "remarque", "remember", "reminder",
    "remote", "repo", "report", "reporter", "reports", "request", "requests", "required",
    "requirements", "resolución", "resolution", "resolutions", "resolved", "respectfully",
    "response", "responses", "respuesta", "result", "results", "resumen", "review", "reviewed",
    "reviewer", "reviewers", "rfc", "risk", "roadmap", "role", "roll", "room", "rrsagent",
    "rule", "réponse", "résolution", "saturday", "schedule", "scope", "scribe", "scribenick",
    "scribeoptions", "scribes", "seconded", "section", "see", "sent", "september", "series",
    "session", "severity", "shortcut", "side", "sidenote", "sig", "signed", "since", "slack",
    "slide", "slides", "so", "solution", "some", "source", "speakers", "spec", "sponsor", "src",
    "stable", "staff", "stage", "standing", "start", "state", "statement", "status",
    "stellungnahme", "step", "steps", "stream", "strength", "subject", "submitted",
    "subproject", "subprojects", "subtopic", "suggestion", "suggestions", "suite", "sujet",
    "summary", "sunday", "support", "tabled", "tagesordnung", "tagesordnungspunkt",
    "tagesordnungspunkte", "taker", "takers", "tally", "task", "tasks", "tbd", "team",
    "tema", "temps", "test", "tests", "than", "thanks", "that", "the", "thema", "theme", "then",
    "therefore", "they", "this", "thought", "thoughts", "thursday", "tickets", "time",
    "timebox", "timeline", "times", "title", "tldr", "tls", "to", "today", "todo",
    "tomorrow", "tools", "top", "topic", "topics", "total", "track", "trackbot", "tracking",
    "traktandum", "tsc", "tuesday", "twitter", "type", "unanimous", "unfavorable",
    "unfavourable", "upcoming", "update", "updates", "url", "urls", "usage", "use", "v8",
    "venue", "version", "versions", "via", "video", "videos", "vision", "volume", "vote",
    "voted", "votes", "voting", "votos", "vu", "warning", "watch", "we", "weakness", "webex",
    "website", "wednesday", "wg", "what", "when", "where", "which", "who", "whoever", "why",
    "wip", "with", "work", "workaround", "yea", "yeas", "yes", "yet", "youtube", "zakim",
    "zeit", "zoning", "zoom", "zusammenfassung",
    /* clang-format on */
};

static struct word_set set;

__attribute__((constructor)) static void build(void) {
    word_set_build(&set, words, sizeof words / sizeof *words);
}

bool label_word(const char *text, size_t size) {
    return word_set_find(&set, text, size) >= 0;
}
