/** All browser tests, in one process: they share one browser, one service and one host. */

import { after, describe } from "node:test";

import { page_tests } from "./pages.js";
import { start_browser } from "./support/browser.js";
import { start_host } from "./support/host.js";
import { start_service } from "./support/service.js";
import { widget_tests } from "./widget.js";

const [browser, { url: service, stop }] = await Promise.all([start_browser(), start_service()]);
const host = await start_host(service);

after(async () => {
  await browser.close();
  await Promise.all([stop(), host.stop()]);
});

// The two side by side, but not their tests: on a machine with more to do than it can, a widget would give up waiting.
describe("browser", { concurrency: 2 }, () => {
  describe("pages", { concurrency: 1 }, () => page_tests({ browser, service }));
  describe("widget", { concurrency: 1 }, () => widget_tests({ browser, service, host }));
});
