/*
 * The widget's entry: /widget/v1.js.
 */
export {};
