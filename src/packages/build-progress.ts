import type {BuildStatistics} from '../model/recipe.ts';
import {createLines} from '../text/lines.ts';

/** What is known of a build now, as the user reads it. */
export type BuildProgress = {readonly text: string; readonly done?: number; readonly total?: number};

/** How far a build had come when it was stopped, without what is done anew when it goes on. */
export type BuildSoFar = Pick<BuildStatistics, 'units' | 'seconds'> & {
	/** Lines of kbuild among the units. */
	readonly kbuild: number;
	/** When units were done, in order, some hundred at most. */
	readonly moments: readonly Moment[];
};

type Moment = {readonly unit: number; readonly seconds: number};

export type BuildReader = {
	/** Takes output as it comes, `seconds` since the build was started; gives the phases that began in it. */
	push(text: string, seconds: number): readonly string[];
	/** How far it is. `done` never falls, and reaches `total` only at the end. */
	progress(seconds: number): BuildProgress | undefined;
	/** Whether build() was begun, so that the sources are unpacked and prepare() went through. */
	readonly prepared: boolean;
	/** For the next start of the same build, where this one is stopped; undefined before build(). */
	soFar(seconds: number): BuildSoFar | undefined;
	/** For the next estimate, when all is done; undefined where the beginning of the build is not known. */
	statistics(seconds: number): Pick<BuildStatistics, 'units' | 'seconds' | 'pace'> | undefined;
};

/** makepkg's own lines (6.0 to 7.1), in the words the user reads. */
const phases: readonly (readonly [RegExp, (found: RegExpExecArray) => string])[] = [
	[/^Making package: (\S+) (\S+)/, ([, name, version]) => `making ${name} ${version}`],
	[/^Checking (?:runtime|buildtime) dependencies/, () => 'checking dependencies'],
	[/^Retrieving sources/, () => 'fetching sources'],
	[/^Validating .*files/, () => 'checking sources'],
	[/^Verifying source file signatures/, () => 'checking signatures'],
	[/^Extracting sources/, () => 'unpacking sources'],
	[/^Starting ([\w.+@-]+)\(\)/, ([, name]) => `${name}()`],
	[/^Entering fakeroot/, () => 'packaging'],
	[/^Tidying install/, () => 'packaging'],
	[/^Creating package "([^"]+)"/, ([, name]) => `packing ${name}`]
];

/** kbuild's short lines (scripts/Kbuild.include): a word in capitals, which may have a mark behind it, and a file. */
const kbuildLine = /^ {2}[A-Z][A-Z0-9_]+(?: \[M\]| [A-Z])? +\S/;

/** makepkg tells the time of what it does by lines that begin so. */
const makepkgLine = /^(?:==>| {2}->) /;

const twentieths = 20;
/** A build that says no more than this has no pace to learn from. */
const leastUnits = 20;
/** Moments that are kept while it runs, and of a build that was stopped. */
const mostMoments = 2000;
const mostKept = 200;

/**
 * Reads what makepkg and kbuild say while they work: which phase it is, and how many lines about finished work there were. With
 * the statistics of an earlier build these become a share and an estimate of the time that is left. `resumed`: what was done before
 * is not done again; `before` tells how much that was, and where it is unknown there is no estimate.
 */
export function createBuildReader(options: {
	readonly earlier?: Pick<BuildStatistics, 'units' | 'seconds' | 'pace'> | undefined;
	readonly resumed: boolean;
	readonly before?: BuildSoFar | undefined;
}): BuildReader {
	const before = options.resumed ? options.before : undefined;
	const isWhole = !options.resumed || before !== undefined;
	const earlier = isWhole && (options.earlier?.units ?? 0) >= leastUnits ? options.earlier : undefined;
	const cut = createLines(4096);
	let phase = '';
	let units = before?.units ?? 0;
	let kbuild = before?.kbuild ?? 0;
	let start: number | undefined;
	let prepared = false;
	let reached = 0;
	/** When each unit was done, thinned out as it grows. */
	let moments: Moment[] = [...(before?.moments ?? [])];
	let every = 1;
	/** As build() ended: what comes after it is done anew where a build goes on. */
	let compiled: BuildSoFar | undefined;

	/** Seconds of work, those of the start before included. */
	const worked = (seconds: number): number =>
		(before?.seconds ?? 0) + (start === undefined ? 0 : Math.max(0, seconds - start));

	const stopped = (seconds: number): BuildSoFar => {
		let kept: readonly Moment[] = moments;
		for (let step = 2 * every; kept.length > mostKept; step *= 2) kept = kept.filter(one => one.unit % step === 0);
		return {units, kbuild, seconds: round(worked(seconds)), moments: kept};
	};

	const count = (seconds: number): void => {
		// until build() goes on, all was counted before
		if (before !== undefined && !prepared) return;
		units++;
		if (units % every !== 0) return;
		moments.push({unit: units, seconds: round(worked(seconds))});
		if (moments.length < mostMoments) return;
		every *= 2;
		moments = moments.filter(one => one.unit % every === 0);
	};

	const read = (line: string, seconds: number): string | undefined => {
		if (kbuildLine.test(line)) {
			kbuild++;
			count(seconds);
			return undefined;
		}
		if (!makepkgLine.test(line)) return undefined;
		count(seconds);
		if (!line.startsWith('==> ')) return undefined;
		const said = line.slice(4);
		for (const [pattern, words] of phases) {
			const found = pattern.exec(said);
			if (found === null) continue;
			if (said.startsWith('Starting ')) {
				// fetching sources takes as long as the network does, and the next time nothing is fetched
				start ??= seconds;
				if (said.startsWith('Starting build()')) prepared = true;
			}
			if (said.startsWith('Entering fakeroot')) compiled ??= stopped(seconds);
			return words(found);
		}
		return undefined;
	};

	return {
		push(text, seconds) {
			const begun: string[] = [];
			for (const line of cut.push(text)) {
				const now = read(line, seconds);
				if (now === undefined || now === phase) continue;
				phase = now;
				begun.push(now);
			}
			return begun;
		},
		progress(seconds) {
			if (phase === '') return undefined;
			const counted = kbuild.toLocaleString('en');
			if (earlier === undefined) {
				const why = options.resumed ? 'going on from an earlier start' : 'first build here';
				return {
					text: `${phase}  ${counted} ${kbuild === 1 ? 'file' : 'files'} · ${clock(seconds)} so far · ${why}: no estimate yet`
				};
			}
			const {units: total} = earlier;
			// the end is reached when makepkg ends, not when it has said as much as the last time
			reached = Math.max(reached, Math.min(units, total - 1));
			const share = Math.floor((100 * reached) / total);
			const left = remaining(earlier, reached, worked(seconds));
			return {
				text: `${phase}  ${reached.toLocaleString('en')} of about ${total.toLocaleString('en')} · ${share} % · about ${clock(left)} left`,
				done: reached,
				total
			};
		},
		get prepared() {
			return prepared;
		},
		soFar: seconds => compiled ?? (prepared ? stopped(seconds) : undefined),
		statistics(seconds) {
			if (!isWhole) return undefined;
			const lasted = worked(seconds);
			const pace = Array.from({length: twentieths}, (_, index) => {
				if (index === twentieths - 1) return round(lasted);
				const unit = ((index + 1) * units) / twentieths;
				return round(moments.findLast(one => one.unit <= unit)?.seconds ?? 0);
			});
			return {units, seconds: round(lasted), pace};
		}
	};
}

/** Reads what `soFar` gave, from text; undefined where it is something else. */
export function parseSoFar(text: string): BuildSoFar | undefined {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		return undefined;
	}
	const {units, kbuild, seconds, moments} = (value ?? {}) as Partial<Record<keyof BuildSoFar, unknown>>;
	if (!isAmount(units) || !isAmount(kbuild) || !isAmount(seconds) || !Array.isArray(moments)) return undefined;
	const read = moments.map((one: unknown) => (one ?? {}) as Partial<Record<keyof Moment, unknown>>);
	return read.every((one): one is Moment => isAmount(one.unit) && isAmount(one.seconds))
		? {units, kbuild, seconds, moments: read}
		: undefined;
}

const isAmount = (value: unknown): value is number => typeof value === 'number' && value >= 0 && Number.isFinite(value);

const round = (seconds: number): number => Math.round(seconds * 10) / 10;

/**
 * Seconds that are left, if the work goes on as it did the last time, by as much faster or slower as it went until now. What the
 * first tenth says about the speed is chance.
 */
function remaining(
	earlier: Pick<BuildStatistics, 'units' | 'seconds' | 'pace'>,
	units: number,
	elapsed: number
): number {
	const passed = timeAt(earlier, units);
	const left = Math.max(0, earlier.seconds - passed);
	const isTelling = passed > earlier.seconds / 10 && elapsed > 0;
	return isTelling ? (left * elapsed) / passed : left;
}

/** When the earlier build had done as many units, in seconds. */
function timeAt({units: total, pace}: Pick<BuildStatistics, 'units' | 'pace'>, units: number): number {
	const position = (units / total) * pace.length;
	const before = Math.min(pace.length - 1, Math.floor(position));
	const from = before === 0 ? 0 : (pace[before - 1] ?? 0);
	return from + ((pace[before] ?? from) - from) * (position - before);
}

/** A span as people say it: 40 s, 21 min, 2 h 5 min. */
export function clock(seconds: number): string {
	if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`;
	const minutes = Math.round(seconds / 60);
	return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
