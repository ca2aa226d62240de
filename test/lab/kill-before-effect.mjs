// Loaded by node before a program (--import): counts what the program changes, file by file and child by child, and kills it with
// -9 before the one that KILL_BEFORE names, by its number or its words. KILL_TRACE: a file that gets a line for each of them.
import child from 'node:child_process';
import fs from 'node:fs';
import {syncBuiltinESMExports} from 'node:module';
import {basename} from 'node:path';

const wanted = process.env.KILL_BEFORE;
const trace = process.env.KILL_TRACE;
const {appendFileSync} = fs;
let count = 0;
// one that is made of others counts once
let inside = false;

function effect(name, what) {
	count += 1;
	const words = `${name}${typeof what === 'string' ? ` ${basename(what)}` : ''}`;
	if (trace !== undefined) {
		inside = true;
		appendFileSync(trace, `${words}\n`);
		inside = false;
	}
	if (wanted === String(count) || wanted === words) process.kill(process.pid, 'SIGKILL');
}

function wrap(owner, name, changes = () => true) {
	const own = owner[name];
	if (typeof own !== 'function') throw new Error(`node has no ${name}`);
	owner[name] = function (...words) {
		if (!inside && changes(words)) effect(name, words[0]);
		return own.apply(this, words);
	};
}

/** Whether a file is opened to be written: flags as text or as a number (O_WRONLY or O_RDWR). */
const toWrite = ([, flags = 'r']) => (typeof flags === 'number' ? (flags & 3) !== 0 : /[wa+]/.test(flags));

const changing = [
	'mkdir',
	'mkdtemp',
	'writeFile',
	'rename',
	'symlink',
	'link',
	'unlink',
	'rm',
	'rmdir',
	'copyFile',
	'cp',
	'chmod',
	'truncate',
	'utimes'
];
for (const name of changing) {
	wrap(fs, name);
	wrap(fs, `${name}Sync`);
	wrap(fs.promises, name);
}
for (const [owner, name] of [
	[fs, 'open'],
	[fs, 'openSync'],
	[fs.promises, 'open']
])
	wrap(owner, name, toWrite);
for (const name of ['write', 'writeSync', 'fsync', 'fsyncSync', 'ftruncate', 'ftruncateSync'])
	wrap(fs, name, ([file]) => file > 2);
wrap(child, 'spawn');
syncBuiltinESMExports();
