import { words } from "@nexus/text";
import { expect, it } from "vitest";
import { type AnswerKind, expectedAnswer } from "./answer-kind.ts";

it.each<[string, AnswerKind, string | undefined]>([
  ["Who came to dinner?", "person", "who"],
  ["Who's coming on Sunday", "person", "who"],
  ["Which friend lent me the van?", "person", "which"],
  ["What is my sister's name?", "person", "what"],
  ["What's the name of Ben's teacher?", "person", "what"],
  ["What is the name of the boat?", "other", "what"],
  ["Where do I keep the key?", "place", "where"],
  ["In which city does Ana live?", "place", "which"],
  ["What is Ana's address?", "place", "what"],
  ["When did Ana move?", "time", "when"],
  ["At what time does the train leave?", "time", "what"],
  ["How long ago did we meet?", "time", "how"],
  ["What is the date of the party?", "time", "what"],
  ["How many cats does Ife have?", "number", "how"],
  ["How old is the roof?", "number", "how"],
  ["What was the price?", "number", "what"],
  ["Why was Ife angry?", "reason", "why"],
  ["How come Ben left?", "reason", "how"],
  ["What did she do that for?", "reason", "what"],
  ["Is Ana in Lisbon?", "yesno", undefined],
  ["Has the plumber come", "yesno", undefined],
  ["How did Ana repair it?", "other", "how"],
  ["What did Ana do that day?", "other", "what"],
  ["Tell me where Ana works", "place", "where"],
  ["I moved to Porto", "other", undefined],
  ["", "other", undefined],
  ["¿Quién vino a cenar?", "person", "quién"],
  ["¿Cómo se llama mi hermana?", "person", "cómo"],
  ["¿En qué ciudad vive Ana?", "place", "qué"],
  ["donde esta la llave", "place", "dónde"],
  ["¿A qué hora sale el tren?", "time", "qué"],
  ["¿Cuántos gatos tiene Ife?", "number", "cuántos"],
  ["¿Por qué se fue Ben?", "reason", "qué"],
  ["¿Vive Ana en Lisboa?", "yesno", undefined],
  ["la casa donde vivo", "other", undefined],
])("%j asks for: %s", (query, asks, questionWord) => {
  const lower = words(query).map(({ text }) => text.toLowerCase());
  expect(expectedAnswer(lower, query.includes("?"))).toEqual({ asks, questionWord });
});
