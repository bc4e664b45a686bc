// The last resort: what this user has not sent goes into a file, which any consultant can bring to the server.

import { offline, page } from "./page.js";

const FORMAT = "crm-maturity-unsent-answers";

/** Offer the unsent answers of this interview as a file. They stay on the device. */
export async function exportUnsent(queue) {
  const document_ = {
    format: FORMAT,
    version: 1,
    exported_at: new Date().toISOString(),
    interview: page.interview,
    interview_key: offline.interviewKey,
    user: { id: page.user, name: offline.userName },
    entries: queue.entries.map(({ id, element, base, set, state, created }) => ({ id, element, base, set, state, created })),
  };
  const file = new Blob([JSON.stringify(document_, null, 1)], { type: "application/json" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  const day = document_.exported_at.slice(0, 16).replace(/[-:T]/g, "");
  link.download = `crm-maturity-unsent-${page.interview}-${day}.json`;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
