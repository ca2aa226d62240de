import {useEffect, useState} from 'react';
import type {Remedy} from '../model/step.ts';
import {safeLine} from '../text/safe-text.ts';

/** What is being found out about a choice stands here until it is known. */
const pending = 'Its version and age are being looked up.';

/** What each choice costs, with what was found out about it since it is shown. */
export function useFoundOut(remedies: readonly Remedy[]): (remedy: Remedy) => string {
	const [found, setFound] = useState<ReadonlyMap<Remedy, string>>(new Map());
	// remedies are made anew by each look at the machine: what was found out for others says nothing of these
	useEffect(() => {
		let isCurrent = true;
		for (const remedy of remedies) {
			if (remedy.findOut === undefined) continue;
			void remedy
				.findOut()
				.catch(() => '')
				.then(text => {
					if (isCurrent) setFound(before => new Map([...before, [remedy, safeLine(text)]]));
				});
		}
		return () => {
			isCurrent = false;
		};
	}, [remedies]);
	return remedy => (remedy.findOut === undefined ? '' : (found.get(remedy) ?? pending));
}
