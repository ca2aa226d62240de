/** How far an installation by rustup is. `done` of `total` is there where every part's size is known. */
export type InstallProgress = {readonly text: string; readonly done?: number; readonly total?: number};

export type ProgressReader = {
	/**
	 * Takes rustup's output in pieces as they came. Gives the lines that are no progress, each with its newline, and how far it is
	 * where that changed.
	 */
	push(text: string): {readonly rest: string; readonly progress: InstallProgress | undefined};
	/** What is left of a line without an end. */
	end(): string;
};

type Stage = 'downloading' | 'waiting' | 'unpacking' | 'installing' | 'installed';

type Component = {
	stage: Stage;
	/** Of the present stage, 0 to 1. */
	share: number;
	/** Of the download, in bytes. */
	size: number | undefined;
	/** The server gave no length: what is shown as the size is what has come so far. */
	isOpenEnded: boolean;
	isRetried: boolean;
};

/**
 * Reads rustup's words while it installs. They are no interface and differ between versions, so that nothing is decided by
 * them: 1.29 draws a line for each component again and again (with `RUSTUP_TERM_PROGRESS_WHEN=always` into a pipe or file too,
 * without escape sequences), 1.28 and older name each component once when nobody watches.
 */
export function createProgressReader(): ProgressReader {
	const components = new Map<string, Component>();
	let announced: number | undefined;
	let unfinished = '';
	let last = '';

	const component = (name: string): Component => {
		const known = components.get(name);
		if (known !== undefined) return known;
		const made: Component = {stage: 'downloading', share: 0, size: undefined, isOpenEnded: false, isRetried: false};
		components.set(name, made);
		return made;
	};

	/** Whether the line was progress and nothing else. */
	const read = (line: string): boolean => {
		const count = /^info: downloading (\d{1,3}) components?$/.exec(line)?.[1];
		if (count !== undefined) announced = Number(count);
		const named = /^info: (downloading|installing) component '?([\w.-]+)'?/.exec(line);
		if (named?.[2] !== undefined) {
			// one after the other, in these versions: what came before is through with its stage
			for (const other of components.values()) {
				if (other.stage === 'downloading') other.stage = 'waiting';
				else if (other.stage === 'installing') other.stage = 'installed';
			}
			component(named[2]).stage = named[1] as Stage;
			return false;
		}
		const drawn = readDrawn(line);
		if (drawn === undefined) return false;
		apply(component(drawn.name), drawn);
		return true;
	};

	return {
		push(text) {
			const lines = (unfinished + text).split(/[\r\n]/);
			unfinished = lines.pop() ?? '';
			const rest = lines.filter(line => line.trim() !== '' && !read(line));
			const progress = describe(components, announced);
			const shown = JSON.stringify(progress);
			const changed = progress !== undefined && shown !== last;
			if (changed) last = shown;
			return {rest: rest.map(line => `${line}\n`).join(''), progress: changed ? progress : undefined};
		},
		end() {
			const left = unfinished;
			unfinished = '';
			return left.trim() === '' || read(left) ? '' : left;
		}
	};
}

type Drawn = {
	readonly name: string;
	readonly stage: Stage | 'retrying';
	readonly share?: number;
	readonly size?: number;
};

const bar = String.raw`\[([# ]{1,60})\]`;
const amount = String.raw`([\d.]{1,12} [KMGT]?i?B)`;
const speed = String.raw`(?: \([^()]{0,60}\))?`;

/** A line as rustup 1.29 draws it (src/cli/download_tracker.rs): name, what is being done, a bar of 15 cells, the size. */
const drawnLine = new RegExp(
	String.raw`^\s*([\w.-]{1,60}) (?:(downloading|unpacking)\s+${bar}\s+${amount}${speed}|(pending installation|installing .|installed)\s+${amount}|(retrying download\.\.\.))\s*$`
);

function readDrawn(line: string): Drawn | undefined {
	const [, name, moving, cells, movingSize, resting, restingSize, retrying] = drawnLine.exec(line) ?? [];
	if (name === undefined) return undefined;
	if (retrying !== undefined) return {name, stage: 'retrying'};
	if (moving !== undefined && cells !== undefined)
		return {
			name,
			stage: moving as Stage,
			share: cells.replaceAll(' ', '').length / cells.length,
			...sizeOf(movingSize)
		};
	const stage = resting === 'installed' ? 'installed' : resting === 'pending installation' ? 'waiting' : 'installing';
	return {name, stage, share: 1, ...sizeOf(restingSize)};
}

const units: Readonly<Record<string, number>> = {B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30};

function sizeOf(text = ''): {readonly size?: number} {
	const [number = '', unit = ''] = text.split(' ');
	const size = Number(number) * (units[unit] ?? Number.NaN);
	return Number.isFinite(size) ? {size} : {};
}

function apply(component: Component, drawn: Drawn): void {
	if (drawn.stage === 'retrying') {
		component.isRetried = true;
		component.share = 0;
		return;
	}
	const {size} = drawn;
	// a size that grows while the bar stays empty is no size, but what has come so far
	if (drawn.stage === 'downloading' && size && component.size && size > component.size) component.isOpenEnded = true;
	if (drawn.stage !== 'downloading' || (drawn.share ?? 0) > 0) component.isRetried = false;
	component.stage = drawn.stage;
	component.share = drawn.share ?? 0;
	if (size !== undefined) component.size = size;
}

/** The earliest stage that a component is in is what the whole is at. */
function describe(
	components: ReadonlyMap<string, Component>,
	announced: number | undefined
): InstallProgress | undefined {
	const all = [...components];
	const names = (stage: Stage): readonly string[] => all.filter(([, one]) => one.stage === stage).map(([name]) => name);
	const downloading = names('downloading');
	const isComplete = announced === undefined || all.length >= announced;
	if (downloading.length > 0) {
		const verb = all.some(([, one]) => one.isRetried) ? 'downloading again:' : 'downloading';
		const text = `${verb} ${listed(downloading)}`;
		const sizes = all.map(([, one]) => (one.isOpenEnded ? undefined : one.size || undefined));
		if (announced === undefined || !isComplete || sizes.includes(undefined)) return {text};
		return amounts(
			text,
			all.map(([, one]) => ({size: one.size ?? 0, share: one.stage === 'downloading' ? one.share : 1}))
		);
	}
	const unpacking = names('unpacking');
	if (unpacking.length > 0) {
		const text = `unpacking ${listed(unpacking)}`;
		if (!isComplete || all.some(([, one]) => one.size === undefined)) return {text};
		return amounts(
			text,
			all.map(([, one]) => ({size: one.size ?? 0, share: unpacked(one)}))
		);
	}
	const installing = names('installing');
	const installed = names('installed').length;
	if (installing.length === 0) return undefined;
	if (!isComplete) return {text: `installing ${listed(installing)}`};
	return {text: `installing ${listed(installing)}`, done: installed, total: all.length};
}

function unpacked(one: Component): number {
	switch (one.stage) {
		case 'unpacking':
			return one.share;
		case 'installing':
		case 'installed':
			return 1;
		default:
			return 0;
	}
}

/** The bars have few cells, so that the amount is a rough one. */
function amounts(text: string, parts: readonly {readonly size: number; readonly share: number}[]): InstallProgress {
	const total = parts.reduce((sum, part) => sum + part.size, 0);
	const done = Math.round(parts.reduce((sum, part) => sum + part.size * part.share, 0));
	return {text: `${text} · about ${mebibytes(done)} of ${mebibytes(total)} MiB`, done, total};
}

const mebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(bytes < 10 * 2 ** 20 ? 1 : 0);

const listed = (names: readonly string[]): string =>
	names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
