/*
 * The dashboard's entry.
 */
import { render } from "preact";

import "./style.css";

render(<h1>aiCAPTCHA</h1>, document.getElementById("app")!);
