-- The baseline of `xinqiao_bench.grades`: the same 60 indicators as somebody would write them by hand who knows DuckDB,
-- with what a grade keeps of each: how many, the value, the newest day, the facts, the bin and its points. Left alone
-- when a goal is missed. The four words in braces stand for one line a kind or an indicator; `grades.by_hand` writes them.
WITH events AS (
    SELECT subject_id, grade, amount, fact_id,
        taken_on - DATE '1970-01-01' AS day_number, DATE '2026-06-30' - taken_on AS age
    FROM facts WHERE standing IN ('good', 'disputed')
),
kinds AS (
    SELECT subject_id, grade,
        count(*) FILTER (age BETWEEN 0 AND 90) AS n90, max(day_number) FILTER (age BETWEEN 0 AND 90) AS d90,
        list(fact_id ORDER BY fact_id) FILTER (age BETWEEN 0 AND 90) AS f90,
        count(*) FILTER (age BETWEEN 0 AND 365) AS n365, max(day_number) FILTER (age BETWEEN 0 AND 365) AS d365,
        list(fact_id ORDER BY fact_id) FILTER (age BETWEEN 0 AND 365) AS f365,
        count(*) FILTER (age BETWEEN 0 AND 1095) AS n1095, max(day_number) FILTER (age BETWEEN 0 AND 1095) AS d1095,
        list(fact_id ORDER BY fact_id) FILTER (age BETWEEN 0 AND 1095) AS f1095,
        sum(amount) FILTER (age BETWEEN 0 AND 365) AS total,
        max(amount) AS largest, max(day_number) AS newest, count(*) AS n, list(fact_id ORDER BY fact_id) AS f
    FROM events GROUP BY subject_id, grade
),
wide AS (SELECT subject_id, {per_kind} FROM kinds GROUP BY subject_id),
binned AS (SELECT *, {bins} FROM wide),
pointed AS (SELECT *, {points} FROM binned),
added AS (SELECT *, 400 + {sum} AS points FROM pointed)
SELECT *, CASE WHEN points >= 700 THEN 0 WHEN points >= 600 THEN 1 WHEN points >= 500 THEN 2 ELSE 3 END AS rank FROM added
