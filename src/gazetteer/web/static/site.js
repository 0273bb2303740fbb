// What the pages can do beside: every one of them works without it.
"use strict";
