// Rounds of measurements, and what they say. Contenders take turns within each round, so that a noisy machine disturbs all of them.
import {spawn} from 'node:child_process';
import {readFileSync} from 'node:fs';

/** Runs every contender once for warming up, then `count` rounds of all in turn; gives the measured values of each by name. */
export async function inTurns(count, contenders) {
	const names = Object.keys(contenders);
	const taken = Object.fromEntries(names.map(name => [name, []]));
	for (let round = 0; round <= count; round++) {
		for (const name of names) {
			const value = await contenders[name]();
			if (round > 0) taken[name].push(value);
		}
	}
	return taken;
}

/** The middle value; of an even number the mean of both middle ones. */
export function median(values) {
	const sorted = [...values].sort((a, b) => a - b);
	const half = sorted.length >> 1;
	return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** Milliseconds from start to end of a program without a terminal. Throws where it ends with a code that is not expected. */
export function timeProgram(program, args, {cwd, env, codes = [0]}) {
	return new Promise((resolve, reject) => {
		const started = performance.now();
		const child = spawn(program, args, {cwd, env, stdio: 'ignore'});
		child.on('error', reject);
		child.on('exit', code => {
			const taken = performance.now() - started;
			if (codes.includes(code)) resolve(taken);
			else reject(new Error(`${program} ${args.join(' ')} ended with ${code}`));
		});
	});
}

/** One line of the result: medians of ours and the peer's, and whether their ratio is within the limit. */
export function ratio(what, ours, peer, limit) {
	const value = median(ours) / median(peer);
	return {
		what,
		ours: ms(median(ours)),
		peer: ms(median(peer)),
		value: `${value.toFixed(2)} x`,
		limit: `${limit.toFixed(1)} x`,
		ok: value <= limit
	};
}

/** The same where it is the difference that counts, in milliseconds. */
export function difference(what, ours, peer, limit) {
	const value = median(ours) - median(peer);
	return {
		what,
		ours: ms(median(ours)),
		peer: ms(median(peer)),
		value: `+${ms(value)}`,
		limit: `+${limit} ms`,
		ok: value <= limit
	};
}

export const ms = value => `${value.toFixed(0)} ms`;

/** What the processors have done since the start, by kind, in hundredths of a second. */
export const ticks = () => readFileSync('/proc/stat', 'utf8').split('\n')[0].split(/\s+/).slice(1, 9).map(Number);

/** Of the time of all processors, the share that other machines of this host had, in per cent. */
export function stolen(before, after) {
	const gone = after.map((value, index) => value - before[index]);
	return Math.round((100 * gone[7]) / gone.reduce((sum, value) => sum + value, 0));
}
