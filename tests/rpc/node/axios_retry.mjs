// Signs in with axios and axios-retry, as a front end does; prints the last status, and how often it was tried again.
// Arguments: the address of a sandbox, the api-key, the login name, the password.

import axios from "axios";
import axiosRetry from "axios-retry";

const [url, key, email, password] = process.argv.slice(2);
const client = axios.create({ baseURL: url, headers: { "api-key": key }, timeout: 10_000 });
let retries = 0;
axiosRetry(client, {
  retries: 3,
  retryDelay: () => 1,
  // A log-in is a POST, which axios-retry does not take for idempotent by itself.
  retryCondition: (error) => !error.response || error.response.status === 503,
  onRetry: () => {
    retries += 1;
  },
});
let status = 0;
try {
  status = (await client.post("/multi/login_with_password", { email, password: { value: password } })).status;
} catch (error) {
  status = error.response?.status ?? 0;
}
console.log(JSON.stringify({ status, retries }));
