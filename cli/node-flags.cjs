/**
 * How Node runs the command line. A review of a large plan is one long run of cold code that makes
 * many objects; of its time these settings take about a quarter away (measured: `npm run bench`).
 */
// eslint-disable-next-line @typescript-eslint/no-require-imports -- for an ES module and for the benchmark alike
const { totalmem } = require('node:os');

/** 0, or more than there is, where nothing limits the process. */
const allowed = process.constrainedMemory?.() ?? 0;
const megabytes = Math.min(totalmem(), allowed > 0 ? allowed : Infinity) / 2 ** 20;

const nodeMajor = Number(process.versions.node.split('.')[0]);

/** Room for young objects, from the beginning: most of them live a moment only. */
exports.YOUNG_OBJECTS = ['--min-semi-space-size=64', '--max-semi-space-size=64'];

exports.NODE_FLAGS = [
  ...exports.YOUNG_OBJECTS,
  // What a plan says stays until the end: to look for garbage in it before there are gigabytes finds none.
  `--initial-heap-size=${Math.round(Math.min(3000, megabytes / 8))}`,
  // Optimize later than V8 would, once all kinds of values were seen, and not twice. Newer ones do, and have no such flag.
  ...(nodeMajor < 22 ? ['--interrupt-budget=540000'] : []),
  // cdktf asks util.isArray, of which later Nodes say at every run that it is deprecated. It is archived and will not change.
  ...(nodeMajor >= 22 ? ['--disable-warning=DEP0044'] : []),
];
