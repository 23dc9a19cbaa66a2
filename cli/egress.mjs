#!/usr/bin/env node
/** `npx egress …` in a checkout: the command line, after installing what is missing. */
process.argv.splice(2, 0, 'egress');
await import('./run.mjs');
