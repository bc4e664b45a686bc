// Requests of this page. A broken line and a lost sign-in are answers too: {status: 0} and {status: 401}.

const token = () => document.querySelector('meta[name="csrf-token"]').content;

/** Ask the server; return {status, body}. */
export async function ask(method, address, content, options = {}) {
  const headers = { Accept: "application/json", "X-CSRFToken": token() };
  if (content !== undefined) headers["Content-Type"] = "application/json";
  try {
    const response = await fetch(address, {
      method,
      headers,
      credentials: "same-origin",
      body: content === undefined ? undefined : JSON.stringify(content),
      ...options,
    });
    const json = (response.headers.get("Content-Type") ?? "").includes("json");
    return { status: response.status, body: json ? await response.json() : {} };
  } catch (error) {
    if (error.name === "AbortError") return { status: -1, body: {} };
    return { status: 0, body: {} };
  }
}
