"""Invented names: of places, trades and people, in the manner of the Pingdingshan countryside and its towns."""

import random
from typing import Final

SURNAMES: Final = (
    *("王李张刘陈杨赵黄周吴" * 3),
    *("徐孙马朱胡郭何高林罗" * 2),
    *"郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蔡蒋余于杜叶程魏苏吕丁任卢姚钟姜崔谭陆范汪廖石金贾韦夏付方邹熊孟秦白江阎薛侯雷段郝孔邵史毛常万顾赖武康贺严尹钱施牛洪龚",
    "欧阳",
    "司马",
    "上官",
    "尉迟",
)
GIVEN: Final = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅志建国文辉力永健世广义兴良海山仁波宁贵福生龙元全胜学祥才发武新利清飞彬富顺信子峰凯歌"
    "雪荣爱妹香月莺媛瑞凡佳嘉琼勤珍贞莉瑶怡婵雁蓓纨仪荷丹蓉眉君琴蕊薇菁梦岚苑婕馨瑗琰韵融园艺咏卿聪澜纯毓悦昭冰爽琬茗羽希宁欣飘育滢馥筠柔竹霭凝晓欢霄枫芸菲寒"
)
# Characters that old fonts and old encodings stumble over; people do bear them.
RARE_GIVEN: Final = ("䶮", "珺", "堃", "喆", "犇", "淼", "𠮷")

BRAND: Final = (
    "鹰城 沙河 尧山 石漫滩 香山 白龟湖 湛河 应国 墨香 汝瓷 三苏 叶公 昆阳 楚长城 宝酒 父城 滍阳 鲁阳 犨城 尧神 中原绿 豫中 金鹰 银河源 瑞祥 恒盛 鼎泰 "
    "华泽 昌隆 德润 嘉禾 丰谷 广源 宏图 汇通 吉庆 康源 利民 茂林 宁远 鹏程 启航 仁和 盛世佳 泰和 万顺 兴业源 永昌 裕丰 卓越 正道 中天源 众诚 百年春 大地红 "
    "福满堂 冠华 海纳 和顺 佳禾 锦绣田 开泰 蓝湾 龙腾 美佳 农家乐 平安里 千禾 荣光 三和 天成 旺达 祥云 信义 雅居 益民 源泉 云上 臻品 紫云 青龙泉 杏花村头 豆腐李"
).split()
SYLLABLES: Final = (
    "安百邦宝博昌成诚创达德鼎东方丰福富高格冠光广国海航豪和恒弘红宏鸿华汇吉佳嘉建江金锦京晶景久聚君凯康科朗乐力利联龙隆茂美盟民明铭宁"
    "农鹏平启千庆泉荣融瑞润赛三森山尚盛世双顺硕泰天通同万旺维翔祥新鑫信兴星雅阳业益银盈永友宇玉裕源远悦运泽振正志智中众卓紫"
)
VILLAGES: Final = (
    "赵村 下汤 四棵树 库庄 辛集 滚子营 张良 瀼河 梁洼 让河 瓦屋 仓头 张官营 磙子岭 土门 观音寺 背孜 熊背 马楼 董周 大营 闹店 杨庄 石桥 商酒务 前营 李庄 周庄 肖旗 赵庄 "
    "任店 洪庄杨 廉村 龚店 邓李 常村 保安 夏李 龙泉 水寨 叶邑 辛店 遵化店 仙台 堂街 冢头 薛店 安良 长桥 王集 白庙 广阔天地 渣园 姚庄 茨芭 黄道 李口 尚店 八台 尹集 枣林 庙街 铁山 武功 杨楼 "
    "小屯 温泉 临汝 寄料 蟒川 米庙 纸坊 大峪 夏店 陵头 庙下 王寨 骑岭 焦村 曹镇 北滍 薛庄 滍阳 东高皇 蒲城 焦店 西高皇 荆山 北渡 轻工路"
).split()
ROADS: Final = "建设路 矿工路 中兴路 新华路 光明路 湛南路 凌云路 开源路 姚电大道 平安大道 长安大道 和平路 南环路 健康路 新城大道 清风路 东环路 尧山大道 人民路 昆阳大道 宝州路 龙兴路 钢城路 朝阳路 广成路 丹阳路".split()


def person(rng: random.Random) -> str:
    given = "".join(rng.choices(GIVEN, k=rng.choice((1, 2, 2, 2))))
    if rng.random() < 0.004:
        given = given[:-1] + rng.choice(RARE_GIVEN)
    return rng.choice(SURNAMES) + given


def brand(rng: random.Random) -> str:
    """The word a business calls itself by; half of them chance syllables, as in life."""
    if rng.random() < 0.45:
        return rng.choice(BRAND)
    return "".join(rng.sample(SYLLABLES, k=rng.choice((2, 2, 2, 3))))


def address(rng: random.Random, division_title: str, rural: bool) -> str:
    if rural:
        return f"河南省平顶山市{division_title}{rng.choice(VILLAGES)}镇{rng.choice(VILLAGES)}村{rng.randint(1, 12)}组"
    return f"河南省平顶山市{division_title}{rng.choice(ROADS)}{rng.randint(1, 398)}号{rng.choice(('', '', f'{rng.randint(1, 9)}幢{rng.randint(101, 1808)}室'))}"
