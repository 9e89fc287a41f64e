"""Sentences around an expression.

Knows: words and code. Leaves to others: what becomes of them (`frames`).
"""
# ruff: noqa: E501
# One entry a line, however long: these are tables.

from __future__ import annotations

# fmt: off
PRINT = [
    "<print> {E}", "<print> {E}", "<print> {E}", "<print> {E}", "<print> {E}", "<print> {E}", "<print> the [value|result] of {E}", "<compute> {E} and <show> <itword>",
    "<compute> {E} and <show> <itword>", "{E}", "{E}", "i want to see {E}", "let me see {E}", "{E}, print it", "print: {E}", "I would like to see {E}",
    "use print to show {E}", "~could I have a look at {E}", "~{E} on the screen", "what do you get for {E}",
]
ASK = ["<what> {E}", "<what> {E}", "<what> {E}", "can you tell me {E}", "~could you say {E}", "{E}?"]
STORE = [
    "<store> {E} in {y}", "<store> {E} in {y}", "<store> {E} in {y}", "<store> {E} [as|into|under|to] {y}", "<store> {E} in a [new|] <variable> <named> {y}", "<store> {E} in the variable {y}",
    "assign {E} to {y}", "assign {E} to a [new|] <variable> <named> {y}", "assign {E} to {y}", "assign {E} to the variable {y}", "set {y} to {E}", "set {y} to {E}", "set {y} = {E}", "set the variable {y} to {E}", "set {y} equal to {E}",
    "let {y} be {E}", "let {y} be {E}", "let {y} equal {E}", "let {y} = {E}", "{y} = {E}", "{y} = {E}", "{y} is {E}", "{y} should be {E}", "{y} equals {E}", "{y}: {E}",
    "<make> [a|] <variable> <named> {y} [with|holding|containing|equal to|set to|for|that holds|and set it to|with the value|with value] {E}", "<make> [a|] <variable> {y} [with|holding|containing|equal to|that is|for|that contains|, set to] {E}",
    "<make> {y} equal to {E}", "<make> {y} = {E}", "<make> {y} as {E}", "<make> {y} with {E}", "define {y} as {E}", "define {y} to be {E}", "initialize {y} with {E}", "initialize {y} to {E}", "make {y} {E}", "create {y} as {E}",
    "call {E} {y}", "name {E} {y}", "<compute> {E} and <store> <itword> [in|as|into|to] {y}", "<compute> {E} and call it {y}", "<compute> {E} and name it {y}", "<compute> {E}, call it {y}", "in {y}, <store> {E}", "{E} [in|into|as] {y}", "use {y} for {E}",
    "<make> {E} <named> {y}", "<make> {E} <named> {y}", "<make> {E} and call it {y}", "<make> {E}, call it {y}", "{E} <named> {y}", "<make> {E} <and> <store> it in {y}", "<store> {E} under the name {y}", "<make> {E} {y}", "I want {E} <named> {y}",
    "give {y} the value {E}", "{y} gets {E}", "have {y} be {E}", "put into {y} {E}", "a <variable> <named> {y} [with|for|holding|containing|equal to] {E}",
    "~let's have {y} hold {E}", "~I need {E} available as {y}", "~with {y} being {E}", "~remember {E} as {y}",
]
NAMELESS = ["<make> {E}", "<make> {E}", "I need {E}", "i have {E}", "I want {E}", "give me {E}", "here is {E}", "here's {E}", "take {E}", "use {E}", "~we have {E}", "start with {E}", "let's start with {E}", "let's make {E}", "<store> {E}", "<store> {E} in a variable", "{E}"]
IN_PLACE = [
    "{V}", "{V}", "{V}", "{V}", "{V}", "{V}", "{V} [in place|in-place]", "{V} and <store> <itword> back", "{V} and update it", "I want to {V}", "let's {V}", "~go ahead and {V}", "you should {V}", "we need to {V}", "{V} and <store> <itword> back in {x}",
]
VERB_PRINT = ["{V} <and> <show> <itword>", "{V} <and> <show> <itword>", "{V} <and> <show> <itword>", "{V} <and> <show> {x}", "{V}, <show> <itword>", "{V}. <show> <itword>", "~{V} so that I can see it printed"]
VERB_STORE = ["{V} <and> <store> <result> [in|as|into] {y}", "{V} <and> <store> <result> in {y}", "{V}, <store> <result> in {y}", "{V} and call <result> {y}", "{V} <and> assign <result> to {y}", "{V} into {y}", "set {y} to the result when you {V}", "~{V}, keeping it under the name {y}", "{V} <and> <store> <result> in a [new|] <variable> <named> {y}"]
STORE_PRINT = ["{S} <and> <show> <itword>", "{S} <and> <show> {y}", "{S}, <and> <show> <itword>", "{S}. <show> <itword>", "{S}. then <show> {y}"]
