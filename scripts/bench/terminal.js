// A program on a terminal of 80 columns and 24 rows: when what was painted, and keys.
import {stripVTControlCharacters} from 'node:util';
import {spawn} from 'node-pty';

const patience = 20_000;
/** More than a screenful with its escape sequences; older output is not searched. */
const kept = 32_768;

export function onTerminal(program, args, {cwd, env}) {
	let output = '';
	let waiting;
	let ended;
	const started = performance.now();
	const child = spawn(program, args, {cols: 80, rows: 24, name: 'xterm-256color', cwd, env});
	const look = () => {
		if (waiting === undefined) return;
		const text = stripVTControlCharacters(output);
		if (!waiting.pattern.test(text)) return;
		clearTimeout(waiting.timer);
		waiting.resolve(performance.now());
		waiting = undefined;
	};
	child.onData(data => {
		output = (output + data).slice(-kept);
		look();
	});
	const exit = new Promise(resolve => {
		child.onExit(({exitCode}) => {
			ended = performance.now();
			resolve({code: exitCode, at: ended});
			waiting?.reject(
				new Error(
					`${program} ended with ${exitCode} before it painted ${waiting.pattern}:\n${stripVTControlCharacters(output).slice(-1000)}`
				)
			);
		});
	});
	return {
		started,
		pid: child.pid,
		exit,
		/** What is painted, without escape sequences. */
		text: () => stripVTControlCharacters(output),
		/** Resolves with the moment at which the pattern is found in what was painted since the last `press`. */
		painted: (pattern, within = patience) =>
			new Promise((resolve, reject) => {
				const timer = setTimeout(
					() =>
						reject(
							new Error(
								`${pattern} was not painted within ${within} ms:\n${stripVTControlCharacters(output).slice(-1000)}`
							)
						),
					within
				);
				waiting = {pattern, resolve, reject, timer};
				look();
			}),
		press(keys) {
			output = '';
			child.write(keys);
		},
		/** Ends the program, by force where it does not end by itself, and waits for that. */
		async leave(keys) {
			const timer = setTimeout(() => ended === undefined && child.kill('SIGKILL'), 2000);
			child.write(keys);
			await exit;
			clearTimeout(timer);
		}
	};
}
