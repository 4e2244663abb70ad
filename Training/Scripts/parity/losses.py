"""Values and gradients of every loss, by autograd in double precision from the papers' formulas.

    python losses.py    writes Tests/CairnTrainingTests/Fixtures/losses.json and losses_pairs.json

Made with torch 2.13.0. Where pytorch-metric-learning (2.9.0) can be imported, ArcFace, CosFace, sub-centre ArcFace, cosine softmax,
and batch-hard triplet are compared with it; each agreed to 1e-14. The authors' public code of listwise AP (deep-image-retrieval),
CurricularFace and contrastive and triplet (cnnimageretrieval-pytorch) gave the same losses and gradients to 1e-6 when this was written.

Conventions
- All arrays are row-major. Class weights are [C, D]; of K sub-centres [C, K, D].
- `loss` is the mean over the batch, except contrastive and triplet, which are sums over all pairs or triplets, as in
  cnnimageretrieval-pytorch; `tuples` says what to divide by for a mean over tuples.
- Gradients are those of `loss` by what goes in. Cosine, pair and list losses divide embeddings (and class weights) by their length
  first, so gradients go through that division.
- Class weights w_c are 1/n, 1/√n or 1/ln(1 + n) (ln n would be 0 for a single photo), divided by their mean over classes. The loss is
  mean_i w_{y_i} l_i, with l_i smoothed as a whole. torch.nn.CrossEntropyLoss(weight=w) divides by Σ w_{y_i} instead of N
  (`torchWeightedMean`), and weights the smoothed part class by class.
- Label smoothing ε: target (1 - ε) at the label plus ε / C everywhere, as torch.
- ArcFace: cos(θ + m) = cos θ cos m - sin θ sin m where cos θ > cos(π - m), otherwise cos θ - m sin m. As insightface (up to 2021)
  and the CurricularFace authors' code and pytorch-metric-learning. Later versions of insightface have no fallback.
- AdaCos, dynamic: s_t = ln(B) / cos(min(π/4, median θ)), B the batch's mean over photos of Σ_{j≠y} exp(s_{t-1} cos θ_j), s_0 the
  fixed scale; s_t is used in batch t itself, no gradient through it. `lossByPreviousScale` is the same batch with s_{t-1}. The
  batches have seven photos, so that all definitions of a median agree.
- CurricularFace: a negative is hard where cos θ_j > cos(θ_y + m), and becomes cos θ_j (t + cos θ_j); t starts at 0 and is updated
  before its batch uses it, t = 0.99 t + 0.01 mean cos θ_y, no gradient through it. The comparison never uses the fallback.
- Learned scales are the factor s itself: `scaleGradient` = dL/ds of the same case.
- Mixed labels: share_i l(x_i, a_i) + (1 - share_i) l(x_i, b_i), mean over the batch; the margin is at a in the one, at b in the other.
- Sample weights: mean_i u_i l_i, divided by N.
- Contrastive: ½ d² for a match, ½ max(0, m - d)² for others, d = √Σ (x - y + 1e-6)²; `lossWithoutEpsilon` omits the 1e-6. Batches are
  tuples query, match, others.
- Triplet: max(0, d²_p - d²_n + m), squared distances, as FaceNet and cnnimageretrieval-pytorch; each other photo of the tuple makes one.
- Batch-hard: mean over all anchors of max(0, m + max_p d - min_n d), d not squared; anchors at 0 count in the mean.
- Listwise AP: bins are triangles from `maximum` down to `minimum`, the first and the last flat beyond their centres, as the authors'
  code (there [0, 1] and 25 bins by default; the paper says [-1, 1] and 20). A query is itself part of its ranking, as d_iᵀD in the
  paper; `listwiseAPWithoutSelf` leaves it out.
- DELG: reconstruction is the mean square over all elements; pooled = mean over pixels of attention · reconstruction / ‖reconstruction‖
  (length over channels); cross-entropy by a linear classifier with bias. The shallow map gets no gradient from either.
"""

import math

import numpy as np
import torch
import torch.nn.functional as F

import goldens

random = np.random.default_rng(17)
N, D, C, K = 8, 16, 5, 3
LABELS = [0, 0, 1, 1, 2, 2, 3, 4]
WEIGHTS = goldens.grid(random.normal(size=(C, D)) * 0.5)
SUBCENTERS = goldens.grid(WEIGHTS[:, None] + random.normal(size=(C, K, D)) * 0.4)
BIAS = goldens.grid(random.normal(size=C) * 0.2)
COUNTS = [1, 3, 12, 40, 200]
# Half way between chance and their class, so that softmax is neither flat nor done at a scale of 30.
EMBEDDINGS = goldens.grid(WEIGHTS[LABELS] * 0.45 + random.normal(size=(N, D)) * 0.45)
NEAR = goldens.grid(WEIGHTS[LABELS] + random.normal(size=(N, D)) * 0.2)
OPPOSITE = EMBEDDINGS.copy()
OPPOSITE[3] = goldens.grid(-WEIGHTS[LABELS[3]] + random.normal(size=D) * 0.06)
SECOND = [1, 4, 0, 1, 3, 0, 2, 2]
SHARES = [0.5, 0.75, 0.25, 1, 0.625, 0.5, 0, 0.875]

# Two tuples of a query, its match, a near other and a far one.
query = random.normal(size=(2, D)) * 0.5
TUPLES = goldens.grid(
    np.stack(
        [query, query + random.normal(size=(2, D)) * 0.12, query + random.normal(size=(2, D)) * 0.14,
         random.normal(size=(2, D)) * 0.5], axis=1
    ).reshape(8, D)
)  # fmt: skip
ROLES = [-1, 1, 0, 0, -1, 1, 0, 0]
GROUPS = [0, 0, 0, 1, 1, 1, 2, 2]
GROUPED = goldens.grid(random.normal(size=(3, D))[GROUPS] * 0.3 + random.normal(size=(N, D)) * 0.4)


def leaf(array):
    return torch.tensor(array, dtype=torch.float64, requires_grad=True)


def class_weights(rule):
    n = np.array(COUNTS, dtype=np.float64)
    raw = {"inverse": 1 / n, "inverseSquareRoot": 1 / np.sqrt(n), "inverseLog": 1 / np.log1p(n)}[rule]
    return torch.tensor(raw / raw.mean())


def smoothed(logits, labels, smoothing=0.0):
    """Cross-entropy of each photo."""
    logs = logits - torch.logsumexp(logits, 1, keepdim=True)
    own = logs[range(len(labels)), labels]
    return -(1 - smoothing) * own - smoothing * logs.mean(1)


def cosines(x, w):
    x, w = x / x.norm(dim=-1, keepdim=True), w / w.norm(dim=-1, keepdim=True)
    return torch.einsum("nd,ckd->nck", x, w).amax(2) if w.ndim == 3 else x @ w.T


def replaced(cosine, labels, own):
    mask = F.one_hot(torch.tensor(labels), cosine.shape[1]).bool()
    return torch.where(mask, own[:, None], cosine)


def with_angle(own, m, fallback=True):
    moved = own * math.cos(m) - (1 - own**2).sqrt() * math.sin(m)
    return torch.where(own > math.cos(math.pi - m), moved, own - m * math.sin(m)) if fallback else moved


def cos_face(cosine, labels, m):
    return replaced(cosine, labels, cosine[range(len(labels)), labels] - m)


def arc_face(cosine, labels, m):
    return replaced(cosine, labels, with_angle(cosine[range(len(labels)), labels], m))


def curricular(cosine, labels, m, t):
    own = cosine[range(len(labels)), labels]
    hard = cosine > with_angle(own, m, fallback=False)[:, None]
    return replaced(torch.where(hard, cosine * (t + cosine), cosine), labels, with_angle(own, m))


def case(inputs, loss, **more):
    """A loss with its gradients. `inputs` are leaves by name."""
    loss.backward()
    gradients = {name + "Gradient": tensor.grad for name, tensor in inputs.items() if tensor.grad is not None}
    return {**more, "loss": loss.item(), **gradients}


def linear(labels=LABELS, each=None, **more):
    x, w, b = leaf(EMBEDDINGS), leaf(WEIGHTS), leaf(BIAS)
    losses = (each or (lambda logits: smoothed(logits, labels)))(x @ w.T + b)
    return case({"embedding": x, "weight": w, "bias": b}, losses.mean(), **more)


def cosine_case(name, logits, scale, embeddings=EMBEDDINGS, weights=WEIGHTS, each=None, labels=LABELS, **more):
    x, w, s = leaf(embeddings), leaf(weights), leaf(scale)
    count = len(embeddings)
    each = each or (lambda cosine: smoothed(s * logits(cosine, labels[:count]), labels[:count]))
    inputs = {"embedding": x, "weight": w, "scale": s}
    return case(inputs, each(cosines(x, w)).mean(), embeddings=name, scale=scale, **more)


def classification():
    plain = lambda cosine, labels: cosine
    cases = {"softmax": linear()}
    for rule in ("inverse", "inverseSquareRoot", "inverseLog"):
        w = class_weights(rule)
        cases["softmax-" + rule] = linear(
            each=lambda z: w[LABELS] * smoothed(z, LABELS), classWeights=w,
            torchWeightedMean=F.cross_entropy(
                torch.tensor(EMBEDDINGS @ WEIGHTS.T + BIAS), torch.tensor(LABELS), weight=w).item(),
        )  # fmt: skip
    for smoothing in (0.1, 0.2):
        cases[f"softmax-smoothed-{smoothing}"] = linear(
            each=lambda z: smoothed(z, LABELS, smoothing), labelSmoothing=smoothing)  # fmt: skip
    w = class_weights("inverse")
    cases["softmax-inverse-smoothed-0.1"] = linear(
        each=lambda z: w[LABELS] * smoothed(z, LABELS, 0.1), labelSmoothing=0.1, classWeights=w)  # fmt: skip
    shares, samples = torch.tensor(SHARES), torch.tensor([1, 0.5, 1, 1, 0.5, 0, 1, 0.5])
    mixed = lambda a, b: shares * a + (1 - shares) * b
    cases["softmax-mixed"] = linear(each=lambda z: mixed(smoothed(z, LABELS), smoothed(z, SECOND)))
    cases["softmax-sampleWeights"] = linear(each=lambda z: samples * smoothed(z, LABELS), sampleWeights=samples)

    cases["cosineSoftmax"] = cosine_case("embeddings", plain, 30.0)
    cases["cosineSoftmax-smoothed-0.1"] = cosine_case(
        "embeddings", plain, 30.0, each=lambda c: smoothed(30 * c, LABELS, 0.1), labelSmoothing=0.1)  # fmt: skip
    cases["cosFace"] = cosine_case("embeddings", lambda c, y: cos_face(c, y, 0.35), 30.0, margin=0.35)
    arc = lambda c, y: arc_face(c, y, 0.3)
    cases["arcFace"] = cosine_case("embeddings", arc, 30.0, margin=0.3)
    cases["arcFace-beyond"] = cosine_case("opposite", arc, 30.0, OPPOSITE, margin=0.3)
    cases["arcFace-mixed"] = cosine_case(
        "embeddings", arc, 30.0, margin=0.3,
        each=lambda c: mixed(smoothed(30 * arc(c, LABELS), LABELS), smoothed(30 * arc(c, SECOND), SECOND)),
    )  # fmt: skip
    cases["subcenterArcFace"] = cosine_case("embeddings", arc, 30.0, weights=SUBCENTERS, margin=0.3)
    fixed = math.sqrt(2) * math.log(C - 1)
    cases["adaCos-fixed"] = cosine_case("embeddings", plain, fixed)

    scale = fixed
    for step, (name, rows) in enumerate([("embeddings", EMBEDDINGS), ("near", NEAR)], 1):
        rows, labels = rows[:7], LABELS[:7]
        c = cosines(torch.tensor(rows), torch.tensor(WEIGHTS))
        own = F.one_hot(torch.tensor(labels), C).bool()
        others = torch.where(own, 0, (scale * c).exp()).sum() / 7
        median = float(torch.median(torch.acos(c[own])))
        before, scale = scale, math.log(others) / math.cos(min(math.pi / 4, median))
        cases[f"adaCos-dynamic-{step}"] = cosine_case(
            name, plain, scale, rows, rows=7, scaleBefore=before, medianAngle=median,
            lossByPreviousScale=smoothed(before * c, labels).mean().item(),
        )  # fmt: skip

    t = 0.0
    for step, (name, rows) in enumerate([("embeddings", EMBEDDINGS), ("opposite", OPPOSITE)], 1):
        own = cosines(torch.tensor(rows), torch.tensor(WEIGHTS))[range(N), LABELS].mean().item()
        t = 0.99 * t + 0.01 * own
        cases[f"curricularFace-{step}"] = cosine_case(
            name, lambda c, y: curricular(c, y, 0.4, t), 30.0, rows, margin=0.4, momentum=0.99, t=t)  # fmt: skip
    for value in cases.values():  # AdaCos derives its scale.
        if "scaleBefore" in value or value.get("scale") == fixed:
            value.pop("scaleGradient")
    return cases


def unit(x):
    return x / x.norm(dim=-1, keepdim=True)


def contrastive(d, m=0.7, eps=1e-6):
    tuples = d.view(2, 4, D)
    distance = (tuples[:, :1] - tuples[:, 1:] + eps).pow(2).sum(2).sqrt()
    return 0.5 * distance[:, 0].pow(2).sum() + 0.5 * (m - distance[:, 1:]).clamp(min=0).pow(2).sum()


def triplet(d, m=0.1):
    tuples = d.view(2, 4, D)
    squares = (tuples[:, :1] - tuples[:, 1:]).pow(2).sum(2)
    return (squares[:, :1] - squares[:, 1:] + m).clamp(min=0).sum()


def batch_hard(d, m=0.1):
    labels = torch.tensor(GROUPS)
    same = labels[:, None] == labels
    squares = (d[:, None] - d).pow(2).sum(2)
    off = ~torch.eye(len(d), dtype=bool)
    distance = torch.where(off, torch.where(off, squares, 1).sqrt(), 0)
    farthest = torch.where(same & off, distance, -math.inf).amax(1)
    nearest = torch.where(same, math.inf, distance).amin(1)
    return (m + farthest - nearest).clamp(min=0).mean()


def listwise(d, bins=20, minimum=0.0, maximum=1.0, with_self=True):
    labels = torch.tensor(GROUPS)
    relevant = (labels[:, None] == labels).double()
    counted = torch.ones_like(relevant) if with_self else 1 - torch.eye(len(d), dtype=torch.float64)
    width = (maximum - minimum) / (bins - 1)
    centres = maximum - width * torch.arange(bins, dtype=torch.float64)
    # Flat beyond the outer centres: as if the similarity were the centre itself.
    similarity = (d @ d.T).clamp(minimum, maximum)
    share = (1 - (similarity[:, :, None] - centres).abs() / width).clamp(min=0) * counted[:, :, None]
    total, right = share.sum(1), (share * relevant[:, :, None]).sum(1)
    precision = right.cumsum(1) / (total.cumsum(1) + 1e-16)
    return 1 - (precision * right / right.sum(1, keepdim=True)).sum(1).mean()


def pairs():
    def by(rows, loss, **more):
        x = leaf(rows)
        return case({"embedding": x}, loss(unit(x)), **more)

    bare = contrastive(unit(leaf(TUPLES)), eps=0).item()
    return {
        "contrastive": by(TUPLES, contrastive, embeddings="tuples", margin=0.7, tuples=2, lossWithoutEpsilon=bare),
        "triplet": by(TUPLES, triplet, embeddings="tuples", margin=0.1, tuples=2, triplets=4),
        "batchHardTriplet": by(GROUPED, batch_hard, embeddings="grouped", margin=0.1),
        "listwiseAP": by(GROUPED, listwise, embeddings="grouped", bins=20, minimum=0, maximum=1),
        "listwiseAPWithoutSelf": by(
            GROUPED, lambda d: listwise(d, with_self=False), embeddings="grouped", bins=20, minimum=0, maximum=1),
        "listwiseAPFullRange": by(
            GROUPED, lambda d: listwise(d, minimum=-1.0), embeddings="grouped", bins=20, minimum=-1, maximum=1),
    }  # fmt: skip


def delg():
    shape = (2, 8, 3, 3)
    shallow = goldens.grid(np.abs(random.normal(size=shape)))
    reproduced = goldens.grid(np.abs(shallow + random.normal(size=shape) * 0.5))
    given = {
        "shape": shape, "labels": [3, 1], "shallow": shallow, "reconstruction": reproduced,
        "attention": goldens.grid(np.abs(random.normal(size=(2, 1, 3, 3))) + 0.1),
        "weights": goldens.grid(random.normal(size=(5, 8))), "bias": BIAS,
    }  # fmt: skip
    names = {"reconstruction": "reconstruction", "attention": "attention", "weights": "weight", "bias": "bias"}

    def leaves():
        return {ours: leaf(given[name]) for name, ours in names.items()}

    def squared(x):
        return (x["reconstruction"] - torch.tensor(shallow)).pow(2).mean()

    def pooled(x):
        directions = x["reconstruction"] / x["reconstruction"].norm(dim=1, keepdim=True)
        return (directions * x["attention"]).mean((2, 3))

    def entropy(x):
        return smoothed(pooled(x) @ x["weight"].T + x["bias"], given["labels"]).mean()

    a, b, c = leaves(), leaves(), leaves()
    return {
        "inputs": given,
        "reconstructionLoss": case(a, squared(a)),
        "attentionLoss": case(b, entropy(b), pooled=pooled(b)),
        "sum-1-10": case(c, entropy(c) + 10 * squared(c), attentionWeight=1, reconstructionWeight=10),
    }


def compare_with_metric_learning(cases, pair_cases):
    """Prints the largest difference from pytorch-metric-learning for losses that it has."""
    try:
        from pytorch_metric_learning import distances, losses, miners, reducers
    except ImportError:
        print("pytorch-metric-learning is not installed: not compared")
        return

    def report(name, loss, weights, rows, labels, expected, miner=None):
        x = leaf(rows)
        if weights is not None:
            loss.W = torch.nn.Parameter(torch.tensor(weights).T.contiguous())
        labels = torch.tensor(labels)
        value = loss(x, labels, miner(x, labels)) if miner else loss(x, labels)
        value.backward()
        parts = [abs(value.item() - expected["loss"]), (x.grad - expected["embeddingGradient"]).abs().max().item()]
        if weights is not None:
            theirs = loss.W.grad.T.reshape(-1)
            parts.append((theirs - expected["weightGradient"].reshape(-1)).abs().max().item())
        print(f"  pytorch-metric-learning {name}: {max(parts):.1e}")

    def sizes(count=C):
        return {"num_classes": count, "embedding_size": D}

    arc = lambda: losses.ArcFaceLoss(**sizes(), margin=math.degrees(0.3), scale=30)
    report("arcFace", arc(), WEIGHTS, EMBEDDINGS, LABELS, cases["arcFace"])
    report("arcFace-beyond", arc(), WEIGHTS, OPPOSITE, LABELS, cases["arcFace-beyond"])
    report("cosFace", losses.CosFaceLoss(**sizes(), margin=0.35, scale=30), WEIGHTS, EMBEDDINGS, LABELS, cases["cosFace"])
    normal = losses.NormalizedSoftmaxLoss(**sizes(), temperature=1 / 30)
    report("cosineSoftmax", normal, WEIGHTS, EMBEDDINGS, LABELS, cases["cosineSoftmax"])
    sub = losses.SubCenterArcFaceLoss(**sizes(), margin=math.degrees(0.3), scale=30, sub_centers=K)
    report("subcenterArcFace", sub, SUBCENTERS.reshape(-1, D), EMBEDDINGS, LABELS, cases["subcenterArcFace"])
    hard = losses.TripletMarginLoss(margin=0.1, distance=distances.LpDistance(), reducer=reducers.MeanReducer())
    expected = pair_cases["batchHardTriplet"]
    report("batchHardTriplet", hard, None, GROUPED, GROUPS, expected, miners.BatchHardMiner(distance=distances.LpDistance()))


if __name__ == "__main__":
    torch.set_num_threads(1)
    source = f"Training/Scripts/parity/losses.py, torch {torch.__version__.split('+')[0]}, float64"
    cases, pair_cases = classification(), pairs()
    compare_with_metric_learning(cases, pair_cases)
    inputs = {
        "dimensions": D, "classes": C, "subcentersPerClass": K, "labels": LABELS, "secondLabels": SECOND,
        "shares": SHARES, "counts": COUNTS, "weights": WEIGHTS, "subcenters": SUBCENTERS, "bias": BIAS,
        "embeddings": EMBEDDINGS, "near": NEAR, "opposite": OPPOSITE,
    }  # fmt: skip
    goldens.write(goldens.TRAINING, "losses", {"source": source, "inputs": inputs, "cases": cases}, 6)
    inputs = {"dimensions": D, "tuples": TUPLES, "roles": ROLES, "grouped": GROUPED, "groups": GROUPS}
    record = {"source": source, "inputs": inputs, "cases": pair_cases, "delg": delg()}
    goldens.write(goldens.TRAINING, "losses_pairs", record, 7)
    for name, value in {**cases, **pair_cases}.items():
        print(f"  {name}: {value['loss']:.6f}")
