import {useCallback, useRef, useState} from 'react';

/**
 * State of a widget, held in a ref and mirrored to React: several keys of one chunk are handled before React renders, so
 * each has to see what the one before it did. `update` returns the state before and after.
 */
export function useWidgetState<State>(
	initial: () => State
): readonly [State, (change: (state: State) => State) => {readonly before: State; readonly after: State}] {
	const [mirrored, mirror] = useState(initial);
	const current = useRef(mirrored);
	const update = useCallback((change: (state: State) => State) => {
		const before = current.current;
		const after = change(before);
		current.current = after;
		mirror(after);
		return {before, after};
	}, []);
	return [mirrored, update];
}
