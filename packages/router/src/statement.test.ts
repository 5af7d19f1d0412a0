import { describe, expect, it } from "vitest";
import { isStatement } from "./statement.ts";

describe("is kept, because it tells something", () => {
  it.each([
    "I moved to Lisbon last May",
    "My sister Ife runs the stall on Sundays.",
    "The spare key is under the blue flower pot!",
    "I moved to Lisbon. What should I pack?",
    "What should I pack? I moved to Lisbon.",
    'She asked "where is it?" and left.',
    'He said: "I moved to Rome."',
    "He told me he is 42 (not 24).",
    "And then I moved to Rome",
    "So I told him no",
    "Please note that I am allergic to nuts",
    "Don't forget that Ana comes at six",
    "No, the meeting is on Tuesday",
    "When I was nine we lived in Lagos.",
    "What a day.",
    "Dr. Okoro changed my prescription to 20 mg",
    "I wonder where Ana lives",
    "allergic to peanuts",
    "Mi hermana se llama Ife",
    "Me mudé a Lisboa. ¿Qué llevo?",
    "cuando era niño vivía en Lima",
    "Como te dije, la reunión es el martes",
    "No sé dónde vive Ana",
    "El código de la puerta es 4711.",
    "Y después nos fuimos a Sevilla",
    "Que tengas un buen viaje, yo llego el lunes",
    "私はリスボンに引っ越しました。",
    "Ich bin nach Lissabon gezogen",
  ])("%j", (text) => {
    expect(isStatement(text)).toBe(true);
  });
});

describe("is not kept, because it only asks", () => {
  it.each([
    "Where did I leave the key?",
    "where did I leave the key",
    "what's my sister's name",
    "Who’s coming on Sunday",
    "so what did Ana say",
    "Hey, when is the meeting",
    "Can you help me",
    "Is Ana in Lisbon?!?",
    "Is Ana in Lisbon? And Ben?",
    "Tell me where I parked.",
    "tell me what Ana said about the trip",
    "Please show me the list",
    "Find the receipt for the bicycle!",
    '"Where is it?"',
    "(What was the code?)",
    "Could you remind me? Thanks?",
    "¿Dónde vive Ana?",
    "¿Dónde vive Ana",
    "dónde vive Ana",
    "donde esta la llave",
    "Cuántas veces fui a Sevilla",
    "cuanto pagué por el alquiler",
    "Oye, ¿cómo se llama mi hermana?",
    "Y qué dijo Ana",
    "Por favor dime dónde está la llave.",
    "Cuéntame lo del viaje",
    "Muéstrame la lista de la compra",
    "リスボンはどこですか？",
    "أين المفتاح؟",
  ])("%j", (text) => {
    expect(isStatement(text)).toBe(false);
  });
});

describe("is not kept, because it says nothing", () => {
  it.each(["", "   ", "\n", "...", "!!!", "?", "—", "😀", "Ok.", "Hello!", "please", "¡Hola!", "bueno, y?"])(
    "%j",
    (text) => {
      expect(isStatement(text)).toBe(false);
    },
  );
});
