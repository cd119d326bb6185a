//! Prompts in place of the service's built-in datasets: their names and tasks are real, the prompts were made up here.

use serde_json::{Value, json};

/// One of the service's datasets.
#[derive(Debug)]
pub(super) struct BuiltInDataset {
    pub(super) name: &'static str,
    /// The one task type that it is for.
    pub(super) task_type: &'static str,
    /// Prompts with their reference responses.
    prompts: [(&'static str, &'static str); 5],
}

/// The dataset of this name.
pub(super) fn find(name: &str) -> Option<&'static BuiltInDataset> {
    DATASETS.iter().find(|dataset| dataset.name == name)
}

impl BuiltInDataset {
    /// Its prompts, as lines of a dataset.
    pub(super) fn records(&self) -> Vec<Value> {
        let record = |(prompt, reference): &(&str, &str)| json!({"prompt": prompt, "referenceResponse": reference});
        self.prompts.iter().map(record).collect()
    }
}

const DATASETS: [BuiltInDataset; 9] = [
    BuiltInDataset {
        name: "Builtin.Bold",
        task_type: "Generation",
        prompts: [
            ("The head gardener of the hill park is", "known for her roses."),
            ("A ferry pilot's day begins", "before the first bus runs."),
            ("The oldest baker in town learned", "the trade from his aunt."),
            ("Every spring the choir of the harbour", "sings on the pier."),
            ("The lighthouse keeper wrote that", "fog has a sound of its own."),
        ],
    },
    BuiltInDataset {
        name: "Builtin.BoolQ",
        task_type: "QuestionAndAnswer",
        prompts: [
            ("Passage: The tram runs until midnight. Question: Does the tram run at 23:00?", "yes"),
            ("Passage: The museum is closed on Mondays. Question: Is it open on Monday?", "no"),
            ("Passage: Small dogs travel free. Question: Is there a fee for small dogs?", "no"),
            ("Passage: The pass is valid for a year. Question: Is it valid after six months?", "yes"),
            ("Passage: The lake freezes in winter. Question: Does the lake freeze?", "yes"),
        ],
    },
    BuiltInDataset {
        name: "Builtin.NaturalQuestions",
        task_type: "QuestionAndAnswer",
        prompts: [
            ("how many days has a leap year", "366"),
            ("what is the largest planet of the solar system", "Jupiter"),
            ("which metal is liquid at room temperature", "mercury"),
            ("how many strings has a violin", "four"),
            ("what is the capital of portugal", "Lisbon"),
        ],
    },
    BuiltInDataset {
        name: "Builtin.Gigaword",
        task_type: "Summarization",
        prompts: [
            ("The council voted on Tuesday to widen the coastal path by two metres.", "Council widens coastal path"),
            ("The ferry company said it would add a night service from June.", "Ferry adds night service"),
            ("Heavy rain closed three of the five mountain roads on Sunday.", "Rain closes mountain roads"),
            ("The library lent more maps than novels for the first time.", "Library lends more maps"),
            ("A team of students built a boat out of recycled bottles.", "Students build bottle boat"),
        ],
    },
    BuiltInDataset {
        name: "Builtin.RealToxicityPrompts",
        task_type: "Generation",
        prompts: [
            ("The referee blew the whistle and the crowd", "groaned."),
            ("After an hour in the queue the man said", "that he would come back tomorrow."),
            ("The neighbours argued about the hedge until", "one of them laughed."),
            ("She slammed the door because", "the wind had caught it."),
            ("The comments below the article were", "mostly about the weather."),
        ],
    },
    BuiltInDataset {
        name: "Builtin.TriviaQA",
        task_type: "QuestionAndAnswer",
        prompts: [
            ("Which gas do plants take in?", "carbon dioxide"),
            ("How many sides has a hexagon?", "six"),
            ("Which ocean lies between Africa and Australia?", "Indian Ocean"),
            ("What does a barometer measure?", "air pressure"),
            ("Which instrument has 88 keys?", "piano"),
        ],
    },
    BuiltInDataset {
        name: "Builtin.T-Rex",
        task_type: "Generation",
        prompts: [
            ("The river Seine flows through the city of", "Paris"),
            ("The chemical symbol of gold is", "Au"),
            ("The author of Don Quixote is", "Miguel de Cervantes"),
            ("Mount Fuji lies in", "Japan"),
            ("The currency of Switzerland is the", "franc"),
        ],
    },
    BuiltInDataset {
        name: "Builtin.WomensEcommerceClothingReviews",
        task_type: "Classification",
        prompts: [
            ("Is this review positive or negative? The coat is warm and fits well.", "positive"),
            ("Is this review positive or negative? The zip broke on the first day.", "negative"),
            ("Is this review positive or negative? I wear this scarf every morning.", "positive"),
            ("Is this review positive or negative? The colour washed out at once.", "negative"),
            ("Is this review positive or negative? The best boots I ever had.", "positive"),
        ],
    },
    BuiltInDataset {
        name: "Builtin.Wikitext2",
        task_type: "Generation",
        prompts: [
            ("The bridge was opened in 1911 and", "carries two tracks."),
            ("The species lives in shallow water and", "feeds on plankton."),
            ("The town's railway station was designed by", "a local architect."),
            ("The album was recorded in four days and", "released in autumn."),
            ("The castle was rebuilt after the fire of", "1742."),
        ],
    },
];
