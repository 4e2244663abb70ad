"""Makes the goldens of CairnRecognitionTests: quantile transforms, isotonic regression, Platt scaling and boosted trees.

Quantile transforms and isotonic regression are scikit-learn's; Platt scaling is minimised here to full precision on Platt's own
objective; the trees are trained from Python by the same LightGBM, with the same parameters.

    python Scripts/parity/recognition.py   # needs numpy, scipy, scikit-learn, lightgbm; rewrites the Fixtures
"""

import json
import pathlib

import lightgbm
import numpy as np
from scipy.optimize import minimize
from scipy.stats import norm
from sklearn.isotonic import IsotonicRegression
from sklearn.preprocessing import QuantileTransformer

FIXTURES = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "CairnRecognitionTests" / "Fixtures"
rng = np.random.default_rng(17)


def save(name, value):
    FIXTURES.mkdir(parents=True, exist_ok=True)
    (FIXTURES / f"{name}.json").write_text(json.dumps(value) + "\n")


def quantiles():
    cases = []
    sets = {
        "spread": np.round(rng.normal(0.4, 0.2, 150), 4),
        "repeated": np.round(rng.normal(0.4, 0.2, 60), 1),
        "one": np.array([0.25]),
        "equal": np.full(9, 0.5),
    }
    for name, values in sets.items():
        probes = np.concatenate([values[:12], [-5.0, 5.0], np.round(np.linspace(-0.1, 1.1, 13), 3)])
        for output in ("uniform", "normal"):
            for count in (1000, 11):
                model = QuantileTransformer(
                    n_quantiles=min(count, len(values)), output_distribution=output, subsample=None
                ).fit(values[:, None])
                cases.append({
                    "name": f"{name} {output} {count}", "values": values.tolist(), "output": output, "count": count,
                    "probes": probes.tolist(), "expected": model.transform(probes[:, None])[:, 0].tolist(),
                })
    shares = np.array([1e-12, 1e-7, 1e-3, 0.02, 0.0243, 0.2, 0.5, 0.7, 0.99, 1 - 1e-9])
    save("quantiles", {"cases": cases, "shares": shares.tolist(), "normal": norm.ppf(shares).tolist()})


def calibration():
    scores = np.round(rng.normal(0.5, 0.2, 80), 2)  # rounded: some are equal
    correct = rng.uniform(size=80) < 1 / (1 + np.exp(-8 * (scores - 0.55)))
    probes = np.round(np.linspace(-0.5, 1.5, 41), 3)
    isotonic = IsotonicRegression(out_of_bounds="clip").fit(scores, correct.astype(float))

    positives, negatives = correct.sum(), (~correct).sum()
    targets = np.where(correct, (positives + 1) / (positives + 2), 1 / (negatives + 2))

    def loss(parameters):
        z = parameters[0] * scores + parameters[1]
        return np.sum(np.logaddexp(0, z) - targets * z)

    def gradient(parameters):
        error = 1 / (1 + np.exp(-(parameters[0] * scores + parameters[1]))) - targets
        return np.array([np.sum(error * scores), np.sum(error)])

    slope, intercept = minimize(loss, [1.0, 0.0], jac=gradient, method="BFGS", options={"gtol": 1e-10}).x
    save("calibration", {
        "scores": scores.tolist(), "correct": correct.tolist(), "probes": probes.tolist(),
        "isotonic": isotonic.predict(probes).tolist(), "slope": slope, "intercept": intercept,
    })


def boosting():
    """Values are whole 64ths, so that text holds them exactly; every ninth of the third feature is missing."""
    rows = np.round(rng.normal(size=(140, 4)) * 64) / 64
    labels = np.where(rows[:, 0] + 0.3 * rng.normal(size=140) > 0.3, 2, np.where(rows[:, 1] > 0, 1, 0))
    rows[::9, 2] = np.nan
    parameters = dict(
        objective="multiclass", num_class=4, learning_rate=0.1, num_leaves=5, min_data_in_leaf=4, lambda_l2=1,
        feature_fraction=1, seed=3, num_threads=1, deterministic=True, force_col_wise=True, feature_pre_filter=False,
        verbosity=-1,
    )
    data = lightgbm.Dataset(rows.astype(np.float32), labels, params=parameters)
    booster = lightgbm.train(parameters, data, num_boost_round=12)
    save("boosting", {
        "rows": [None if np.isnan(value) else value for value in rows.ravel().tolist()], "labels": labels.tolist(),
        "predictions": booster.predict(rows[:25].astype(np.float32)).ravel().tolist(),
        "gains": booster.feature_importance("gain").tolist(),
    })


quantiles()
calibration()
boosting()
