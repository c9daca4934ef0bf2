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

describe("pages", () => page_tests({ browser, service }));
describe("widget", () => widget_tests({ browser, service, host }));
