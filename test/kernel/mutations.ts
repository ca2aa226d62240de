/** Numbers from 0 up to but without 1, the same ones for the same seed (mulberry32). */
export function random(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

/** `count` damaged copies of `original`: cut off, bytes changed, a part removed, a part repeated. The seed decides all of it. */
export function* damagedBytes(original: Uint8Array, count: number, seed = 1): Generator<Uint8Array> {
	const next = random(seed);
	const below = (limit: number): number => Math.floor(next() * limit);
	for (let made = 0; made < count; made++) {
		const [a, b] = [below(original.length + 1), below(original.length + 1)].sort((x, y) => x - y) as [number, number];
		const kind = below(4);
		if (kind === 0) yield original.slice(0, a);
		else if (kind === 1) {
			const copy = original.slice();
			for (let change = 0; change <= below(16) && copy.length > 0; change++) copy[below(copy.length)] = below(256);
			yield copy;
		} else if (kind === 2) yield Uint8Array.from([...original.subarray(0, a), ...original.subarray(b)]);
		else yield Uint8Array.from([...original.subarray(0, b), ...original.subarray(a)]);
	}
}

/** As `damagedBytes`, for text; among the changed characters are those that mean something to the parsers. */
export function* damagedTexts(original: string, count: number, seed = 1): Generator<string> {
	const next = random(seed);
	const below = (limit: number): number => Math.floor(next() * limit);
	const special = Array.from('\0\n\r\t "\'\\#=[](){}.,:;<>-+_x0\u001b\u0085\u2028\ud800é𝄞');
	for (let made = 0; made < count; made++) {
		const [a, b] = [below(original.length + 1), below(original.length + 1)].sort((x, y) => x - y) as [number, number];
		const kind = below(4);
		if (kind === 0) yield original.slice(0, a);
		else if (kind === 1) {
			let copy = original;
			for (let change = 0; change <= below(8); change++) {
				const at = below(copy.length + 1);
				copy = copy.slice(0, at) + special[below(special.length)] + copy.slice(at + below(2));
			}
			yield copy;
		} else if (kind === 2) yield original.slice(0, a) + original.slice(b);
		else yield original.slice(0, b) + original.slice(a);
	}
}
