/*
 * The dashboard's entry.
 */
import { render } from "preact";

import { App } from "./app";

import "../ui/base.css";
import "./style.css";
import "./pages.css";
import "./figures.css";

render(<App />, document.getElementById("app")!);
