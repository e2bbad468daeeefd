// What the script adds to pages that work without it.

import { startActions } from "./actions.js";
import { startLive } from "./live.js";
import { startRows } from "./rows.js";

startActions();
startLive();
startRows();
