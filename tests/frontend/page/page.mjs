// A page as front ends have it: it knows the API, and nothing of tests.
const API = "http://127.0.0.1:7070/multi";
const KEY = "skUJoEhWDfCaEFazHNm6jY8C1RIH==";

const [signIn, reset] = [document.querySelector("#sign-in"), document.querySelector("#reset")];
const link = new URLSearchParams(location.search);
reset.hidden = !link.has("nonce");
signIn.hidden = !reset.hidden;

async function send(path, body, texts) {
  say("Please wait …");
  try {
    const answer = await fetch(`${API}${path}`, {
      method: "POST",
      headers: { "api-key": KEY, "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    say(texts[answer.status] ?? `Something went wrong (${answer.status}).`);
  } catch {
    say("No answer. Please try again.");
  }
}

function say(text) {
  document.querySelector("[role=status]").textContent = text;
}

signIn.addEventListener("submit", (event) => {
  event.preventDefault();
  const { email, password } = Object.fromEntries(new FormData(signIn));
  send("/login_with_password", { email, password: { value: password } }, {
    200: "Welcome.",
    401: "Mail or password is wrong.",
    423: "Too many attempts. Try again in half an hour.",
  });
});

document.querySelector("#forgot").addEventListener("click", () => {
  send("/passwords/lost_password/start", { email: new FormData(signIn).get("email") }, { 204: "Look into your mails." });
});

reset.addEventListener("submit", (event) => {
  event.preventDefault();
  const value = new FormData(reset).get("new-password");
  const body = { email: link.get("email"), nonce: link.get("nonce"), newPassword: { value } };
  send("/passwords/lost_password/resume", body, {
    200: "Your password is set.",
    400: "This password is too weak.",
    409: "This link does not work any more.",
  });
});
