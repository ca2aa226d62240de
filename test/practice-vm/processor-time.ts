import {readFileSync} from 'node:fs';
import {basename} from 'node:path';
import {afterAll, expect} from 'vitest';

/** Seconds of what this file's tests started and saw ended: fields 16 and 17 of /proc/PID/stat, in hundredths (proc(5)). */
function processorTime(): number {
	const stat = readFileSync('/proc/self/stat', 'utf8');
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	return (Number(fields[13]) + Number(fields[14])) / 100;
}

// a wall clock says little of a machine that others use too
afterAll(() => {
	const file = basename(expect.getState().testPath ?? '');
	process.stderr.write(`${file}: ${processorTime().toFixed(0)} s of processor time\n`);
});
