import type {Press} from './use-keys.ts';

export type SelectState = {
	/** The highlighted item. */
	readonly index: number;
	/** The item in the first row of the window. */
	readonly first: number;
	/** Enter was pressed: nothing counts any more until the list is armed again. */
	readonly chosen: boolean;
};

/** How many items there are, and how many of them the window shows. */
export type SelectExtent = {readonly count: number; readonly rows: number};

export function startSelect(initial: number, extent: SelectExtent): SelectState {
	return moveTo({index: 0, first: 0, chosen: false}, initial, extent);
}

/** The state after one key press. A key that means nothing here gives back the very same state. */
export function pressSelect(state: SelectState, press: Press, extent: SelectExtent): SelectState {
	if (state.chosen || extent.count === 0) return state;
	if (press.key.return) return {...state, chosen: true};
	const target = targetOf(state.index, press, extent);
	return target === undefined ? state : moveTo(state, target, extent);
}

/** Lets a list that has been answered be answered again. */
export function armSelect(state: SelectState): SelectState {
	return state.chosen ? {...state, chosen: false} : state;
}

/** The first row of a window of `rows` that shows `index` and moves as little as it can. */
export function scrollTo(first: number, index: number, {count, rows}: SelectExtent): number {
	const nearest = Math.min(Math.max(first, index - rows + 1), index);
	return Math.max(0, Math.min(nearest, count - rows));
}

function targetOf(index: number, {input, key}: Press, {count, rows}: SelectExtent): number | undefined {
	if (key.ctrl || key.meta) return undefined;
	if (key.upArrow || input === 'k') return (index + count - 1) % count;
	if (key.downArrow || input === 'j') return (index + 1) % count;
	if (key.home) return 0;
	if (key.end) return count - 1;
	if (key.pageUp) return index - rows;
	if (key.pageDown) return index + rows;
	if (/^[1-9]$/.test(input) && Number(input) <= count) return Number(input) - 1;
	return undefined;
}

function moveTo(state: SelectState, target: number, extent: SelectExtent): SelectState {
	const index = Math.max(0, Math.min(target, extent.count - 1));
	return {...state, index, first: scrollTo(state.first, index, extent)};
}
