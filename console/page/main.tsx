import "./page.css";
import { render } from "preact";
import { App } from "./app.tsx";
import { hasToken } from "./call.ts";
import { listen } from "./changes.ts";
import { Stranger } from "./views/stranger.tsx";

const root = document.getElementById("root");
if (root !== null) {
  root.replaceChildren();
  render(hasToken ? <App /> : <Stranger />, root);
}
if (hasToken) void listen();
