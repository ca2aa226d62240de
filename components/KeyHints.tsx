import {useIsScreenReaderEnabled} from 'ink';
import {cellWidth} from './cells.ts';
import {Line, Reading, type Row} from './Line.tsx';

export type KeyHint = {readonly key: string; readonly does: string};

type Props = {readonly keys: readonly KeyHint[]; readonly width: number; readonly ascii: boolean};

const arrowWords: Readonly<Record<string, string>> = {
	'↑↓': 'Up/Down',
	'←→': 'Left/Right',
	'↑': 'Up',
	'↓': 'Down',
	'←': 'Left',
	'→': 'Right'
};

/** The keys that mean something now, in one row. What does not fit goes from the right; the way out stays. */
export function KeyHints({keys, width, ascii}: Props) {
	const named = keys.map(({key, does}) => ({
		key: ascii ? key.replaceAll(/↑↓|←→|[↑↓←→]/g, arrow => arrowWords[arrow] ?? arrow) : key,
		does
	}));
	if (useIsScreenReaderEnabled()) {
		return <Reading sentences={[`keys: ${keys.map(({key, does}) => `${spoken(key)} ${does}`).join(', ')}`]} />;
	}
	return <Line parts={width <= 40 ? shortRow(keys, width) : fullRow(named, width)} width={width} ascii={ascii} />;
}

function fullRow(keys: readonly KeyHint[], width: number): Row {
	// The first hint has one space before it, the others two.
	const kept = keep(keys, width + 1, ({key, does}) => 2 + cellWidth(`${key} ${does}`));
	return kept.flatMap(
		({key, does}, index): Row => [
			{text: index === 0 ? ' ' : '  '},
			{text: key, bold: true},
			{text: ` ${does}`, dim: true}
		]
	);
}

/** Arrows explain themselves; letters are shown without what they do, `?` tells. */
function shortRow(keys: readonly KeyHint[], width: number): Row {
	const letters = keys.filter(({key}) => !/[↑↓←→]/.test(key));
	return [
		{
			text: keep(letters, width, ({key}) => 1 + cellWidth(key))
				.map(({key}) => ` ${key}`)
				.join('')
		}
	];
}

/** As many hints from the left as fit beside the way out: the hint for `q`, else the last. */
function keep(keys: readonly KeyHint[], width: number, cost: (hint: KeyHint) => number): readonly KeyHint[] {
	const quit = keys.find(({key}) => key === 'q') ?? keys.at(-1);
	let left = width - (quit ? cost(quit) : 0);
	let isFull = false;
	return keys.filter(hint => {
		if (hint === quit) return true;
		left -= cost(hint);
		isFull ||= left < 0;
		return !isFull;
	});
}

function spoken(key: string): string {
	return key.replaceAll(/↑↓|←→|[↑↓←→]/g, arrow => (arrowWords[arrow] ?? arrow).replace('/', ' and '));
}
